// Numbers as the course writes them (text.py, format_number): three significant digits, a true minus sign.

export const MINUS = "\u2212";

// The digits and the exponent of a positive number, rounded half to even as Python does.
function rounded(number, digits) {
  const [mantissa, exponent] = number.toExponential(digits - 1).split("e");
  const exact = number.toExponential(40).replace(".", "").split("e")[0];
  const tie = /^50*$/.test(exact.slice(digits));
  if (!tie || Number(exact[digits - 1]) % 2 === 1) return [mantissa, Number(exponent)];
  const down = exact.slice(0, digits); // JavaScript rounds a tie up; the even neighbor is below
  return [digits > 1 ? `${down[0]}.${down.slice(1)}` : down, Number(number.toExponential(40).split("e")[1])];
}

const withoutZeros = (text) => text.includes(".") ? text.replace(/\.?0+$/, "") : text;

export function formatNumber(value, digits = 3) {
  if (typeof value === "string") return value;
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (value === null || Number.isNaN(value)) return "not a number";
  if (!Number.isFinite(value)) return value > 0 ? "infinity" : `${MINUS}infinity`;
  if (value === 0) return "0";
  const sign = value < 0 ? MINUS : "";
  const [mantissa, exponent] = rounded(Math.abs(value), digits);
  const number = Number(`${mantissa}e${exponent}`);
  // Up to 99,999 in full, and up to 999,999 where no digit is lost.
  if (exponent >= digits && Math.abs(value) < (number === Math.abs(value) ? 1e6 : 1e5)) return sign + number;
  if (exponent < -4 || exponent >= digits) return `${sign}${withoutZeros(mantissa)}e${exponent}`.replace("e-", `e${MINUS}`);
  const fixed = number.toFixed(Math.max(0, digits - 1 - exponent));
  const short = withoutZeros(fixed);
  // 0.99999 in three digits is "1.00": the zeros say that it was rounded and is not exactly 1.
  const shown = short.includes(".") || Number.isInteger(Number(value.toPrecision(14))) ? short : fixed;
  return sign + shown;
}
