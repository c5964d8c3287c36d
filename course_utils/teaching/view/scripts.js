// Powers and indices in what a browser writes: captions, labels, titles. The rules are those of `with_scripts` in text.py.
const LETTER = "[A-Za-zα-ωΑ-Ω]", WORD = "\\p{L}\\p{N}_", ALONE = `(?<=(?<![${WORD}])${LETTER})`;
const SCRIPT = new RegExp(
  `((?<=[${WORD})\\]′])\\^|(?:(?<=[)\\]∇]|(?<![${WORD}])LSE)|${ALONE})_)`
  + `(?:\\(((?:[^()<]|\\([^()<]*\\))+)\\)|([−+]?\\d+|(?<=\\^)[−+]?${LETTER}|(?<=_)${LETTER}+))`
  + `|${ALONE}(\\d+)(?![A-Za-z0-9_]|\\.\\d)`, "gu");

// What is read aloud and copied, but not seen.
const heard = (signs) => `<span style="font-size: 0">${signs}</span>`;
const raised = (html) => html.replace(SCRIPT, (_, sign, inner, bare, number) => {
  const tag = sign === "^" ? "sup" : "sub", script = `<${tag}>${inner ? raised(inner) : bare ?? number}</${tag}>`;
  return number ? script : inner ? heard(`${sign}(`) + script + heard(")") : heard(sign) + script;
});

// HTML of a plain text.
export const withScripts = (plain) => raised(plain.replaceAll("&", "&amp;").replaceAll("<", "&lt;"));
