// The gain of a class, from its answers to the concept test. A test computes the same in Python.
export const OCCASIONS = ["before", "after", "later"];
const SMALLEST = 5; // a group that is shown has at least so many

export class UnusableTable extends Error {}

// The fields of each row: quotes may hold separators, and two quotes within them are one.
function fieldsOf(line, separator) {
  const fields = [""];
  let quoted = false;
  for (let i = 0; i < line.length; i += 1) {
    const sign = line[i];
    if (quoted && sign === '"' && line[i + 1] === '"') {
      fields[fields.length - 1] += sign;
      i += 1;
    } else if (sign === '"' && (quoted || fields.at(-1) === "")) quoted = !quoted;
    else if (sign === separator && !quoted) fields.push("");
    else fields[fields.length - 1] += sign;
  }
  return fields.map((field) => field.trim());
}

// Occasion -> sheets [code, form, answers]. `keys`: form -> right letters.
export function readTable(text, keys) {
  const columns = ["code", "form", "when", ...Array.from(keys.A, (_, item) => String(item + 1))];
  const lines = text.replace(/^\ufeff/, "").split(/\r\n|\n|\r/).filter((line) => /[^ \t,;]/.test(line));
  if (!lines.length) throw new UnusableTable(`the table is empty: its first row must be ${columns}`);
  const count = (sign) => lines[0].split(sign).length;
  const separator = count(";") > count(",") ? ";" : ",";
  const [head, ...rows] = lines.map((line) => fieldsOf(line, separator));
  if (head.map((field) => field.toLowerCase()).join() !== columns.join()) throw new UnusableTable(`the first row must be ${columns}`);
  const found = Object.fromEntries(OCCASIONS.map((when) => [when, []]));
  rows.forEach((row, place) => {
    const wrong = (what) => new UnusableTable(`row ${place + 2} ${what}`);
    if (row.length !== columns.length) throw wrong(`has ${row.length} fields, not ${columns.length}`);
    const code = row[0], form = row[1].toUpperCase(), when = row[2].toLowerCase();
    const answers = row.slice(3).map((answer) => answer.toUpperCase());
    if (!code) throw wrong("has no code");
    if (!Object.hasOwn(keys, form)) throw wrong(`has the form ${row[1]}, not A or B`);
    if (!OCCASIONS.includes(when)) throw wrong(`says ${row[2]}, not before, after or later`);
    answers.forEach((letter, item) => {
      if (letter && !/^[A-D]$/.test(letter)) throw wrong(`answers item ${item + 1} by ${letter}, not A, B, C or D`);
    });
    if (found[when].some(([other]) => other === code)) throw wrong(`is the second one of ${code} ${when}`);
    found[when].push([code, form, answers]);
  });
  return found;
}

const mean = (numbers) => numbers.reduce((sum, one) => sum + one, 0) / numbers.length;

// Of those who wrote on both occasions; null if they are fewer than five.
export function gain(table, before, after, keys) {
  const [first, second] = [before, after].map((when) => new Map(table[when].map(([code, form, answers]) => [code, answers.map((letter, item) => letter === keys[form][item])])));
  const both = [...first.keys()].filter((code) => second.has(code));
  if (both.length < SMALLEST) return null;
  const shares = [first, second].map((sheets) => Array.from(keys.A, (_, item) => both.filter((code) => sheets.get(code)[item]).length / both.length));
  const [meanBefore, meanAfter] = shares.map(mean);
  const missing = 1 - meanBefore;
  return { before, after, students: both.length, shares, mean_before: meanBefore, mean_after: meanAfter, normalized: missing ? (meanAfter - meanBefore) / missing : null };
}

// The wrong options that five or more chose: [form, item, letter, how many], most first.
export function wrongTurns(table, when, keys) {
  const chosen = new Map();
  for (const [, form, answers] of table[when]) {
    answers.forEach((letter, item) => {
      if (!letter || letter === keys[form][item]) return;
      const what = JSON.stringify([form, item + 1, letter]);
      chosen.set(what, (chosen.get(what) ?? 0) + 1);
    });
  }
  const many = [...chosen].filter(([, count]) => count >= SMALLEST).map(([what, count]) => [...JSON.parse(what), count]);
  const order = (x, y) => (x < y ? -1 : Number(x > y));
  return many.sort((x, y) => y[3] - x[3] || order(x[0], y[0]) || x[1] - y[1] || order(x[2], y[2]));
}
