// Powers and indices in what a browser writes: captions, labels, titles. The rules are those of `with_scripts` in html.py.
const LETTER = "[A-Za-zα-ωΑ-Ω]", WORD = "\\p{L}\\p{N}_", INNER = "\\(((?:[^()<]|\\([^()<]*\\))+)\\)";
const SCRIPT = new RegExp(`[\\^_]${INNER}|\\^([−+]?(?:\\d+|${LETTER}))|_([−+]?\\d+|${LETTER}+)|(\\d+)(?![A-Za-z0-9_]|\\.\\d)`, "gu");
// What must stand before it. Safari before 16.4 refuses a script with a lookbehind.
const alone = (name) => `(?:^|[^${WORD}])${name}`;
const BEFORE = {
  "^": new RegExp(`[${WORD})\\]′]$`, "u"),
  _: new RegExp(`(?:[)\\]∇]|${alone(LETTER)}|${alone("LSE")})$`, "u"),
  number: new RegExp(`${alone(LETTER)}$`, "u"),
};
const LONGEST = 6; // in units of a text: what stands before LSE, and may be two

// What is read aloud and copied, but not seen.
const heard = (signs) => `<span style="font-size: 0">${signs}</span>`;

function script([all, inner, power, index, number]) {
  const sign = all[0], tag = sign === "^" ? "sup" : "sub", set = `<${tag}>${inner ? raised(inner) : power ?? index ?? number}</${tag}>`;
  return number ? set : inner ? heard(`${sign}(`) + set + heard(")") : heard(sign) + set;
}

function raised(html) {
  let done = 0, from = 0, text = "";
  for (;;) {
    SCRIPT.lastIndex = from; // a script within a script has moved it
    const found = SCRIPT.exec(html);
    if (!found) return text + html.slice(done);
    const { 0: all, index } = found, before = html.slice(Math.max(index - LONGEST, 0), index);
    const stands = (BEFORE[all[0]] ?? BEFORE.number).test(before);
    from = index + (stands ? all.length : 1);
    if (!stands) continue;
    text += html.slice(done, index) + script(found);
    done = from;
  }
}

// A number and its percent sign stay on one line.
const kept = (html) => html.replace(/[\d.,]*\d %/g, (share) => `<span style="white-space: nowrap">${share}</span>`);

// HTML of a plain text.
export const withScripts = (plain) => kept(raised(plain.replaceAll("&", "&amp;").replaceAll("<", "&lt;")));

// The same where no markup can be, as in a list to choose from: indices that are numbers in letters of their own.
export const inLetters = (plain) => raised(plain)
  .replace(/(?:<span[^>]*>_<.span>)?<sub>(\d+)<.sub>/g, (_, index) => index.replace(/\d/g, (digit) => String.fromCharCode(8320 + Number(digit))))
  .replace(/<.?s[^>]*>/g, "");
