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

// The fields of a row. What is pasted below the first row may have another separator than that one.
function rowOf(line) {
  const count = (sign) => line.split(sign).length;
  return fieldsOf(line, [",", ";", "\t"].reduce((best, sign) => (count(sign) > count(best) ? sign : best)));
}

// Occasion -> sheets [code, form, answers]. `keys`: form -> right letters. A code is one code however it is spelled.
export function readTable(text, keys) {
  const columns = ["code", "form", "when", ...Array.from(keys.A, (_, item) => String(item + 1))];
  const isHead = (row) => row.map((field) => field.toLowerCase()).join() === columns.join();
  const rows = text.replace(/^\ufeff/, "").split(/\r\n|\n|\r/).map((line, place) => [line, place + 1]).filter(([line]) => /[^ \t,;]/.test(line)).map(([line, number]) => [rowOf(line), number]);
  if (!rows.length) throw new UnusableTable(`the table is empty: its first row must be ${columns}`);
  if (!isHead(rows[0][0])) throw new UnusableTable(`the first row must be ${columns}`);
  const found = Object.fromEntries(OCCASIONS.map((when) => [when, []]));
  for (const [row, number] of rows) {
    if (isHead(row)) continue; // also one that was pasted below the first
    const wrong = (what) => new UnusableTable(`row ${number} ${what}`);
    if (row.length !== columns.length) throw wrong(`has ${row.length} fields, not ${columns.length}`);
    const code = row[0].toLowerCase().replace(/[\s–-]/g, ""), form = row[1].toUpperCase(), when = row[2].toLowerCase();
    const answers = row.slice(3).map((answer) => answer.toUpperCase());
    if (!code) throw wrong("has no code");
    if (!Object.hasOwn(keys, form)) throw wrong(`has the form ${row[1]}, not A or B`);
    if (!OCCASIONS.includes(when)) throw wrong(`says ${row[2]}, not before, after or later`);
    answers.forEach((letter, item) => {
      if (letter && !/^[A-D]$/.test(letter)) throw wrong(`answers item ${item + 1} by ${letter}, not A, B, C or D`);
    });
    found[when].push([code, form, answers]);
  }
  return found;
}

// Sheets of two occasions, by their codes; and how many are left out since two students share the code (it stands
// twice on some occasion), are alone, or of pairs of one form.
export function paired(table, before, after) {
  const shared = new Set();
  for (const when of OCCASIONS) {
    const seen = new Set();
    for (const [code] of table[when]) (seen.has(code) ? shared : seen).add(code);
  }
  const [first, second] = [before, after].map((when) => new Map(table[when].filter(([code]) => !shared.has(code)).map((sheet) => [sheet[0], sheet])));
  const pairs = [...first.keys()].filter((code) => second.has(code)).map((code) => [first.get(code), second.get(code)]);
  return {
    pairs,
    shared: table[before].length + table[after].length - first.size - second.size,
    alone: first.size + second.size - 2 * pairs.length,
    same_form: pairs.filter(([one, other]) => one[1] === other[1]).length,
  };
}

const mean = (numbers) => numbers.reduce((sum, one) => sum + one, 0) / numbers.length;

// Of those who wrote on both occasions; null if they are fewer than five.
export function gain(table, before, after, keys) {
  const { pairs } = paired(table, before, after);
  if (pairs.length < SMALLEST) return null;
  const shares = [0, 1].map((occasion) => Array.from(keys.A, (_, item) => pairs.filter((pair) => pair[occasion][2][item] === keys[pair[occasion][1]][item]).length / pairs.length));
  const [meanBefore, meanAfter] = shares.map(mean);
  const missing = 1 - meanBefore;
  return { before, after, students: pairs.length, shares, mean_before: meanBefore, mean_after: meanAfter, normalized: missing ? (meanAfter - meanBefore) / missing : null };
}

export const percent = (share) => `${Math.round(100 * share)} %`;
const counted = (count, what) => `${count} ${what}${count === 1 ? "" : "s"}`;

// What a gain says. A fall is no share of what was missing; a mean is added up, so equal ones may differ by rounding.
export function toldGain({ before, after, mean_before, mean_after, normalized }) {
  if (mean_after < mean_before - 1e-9) {
    const points = Math.round(100 * mean_before) - Math.round(100 * mean_after); // as they are shown
    return `Fewer answers were right ${after} than ${before}: the mean fell by ${points ? counted(points, "point") : "less than a point"}.`;
  }
  if (normalized === null) return `Nothing was missing ${before}, so there is no gain to compute.`;
  const share = Math.max(0, normalized);
  return `Of what was missing ${before}, ${percent(share)} is there ${after}: the normalized gain is ${share.toFixed(2)}.`;
}

// Which sheets a gain does without, and which of its pairs are of one form.
export function toldPairs({ shared, alone, same_form }) {
  const told = [];
  if (shared) told.push(`${counted(shared, "sheet")} left out: the code stands twice on one occasion, so nobody knows whose it is.`);
  if (alone) told.push(`${counted(alone, "sheet")} found no partner.`);
  if (same_form) told.push(`${counted(same_form, "student")} wrote the same form twice.`);
  return told.join(" ");
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
