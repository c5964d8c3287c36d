// What all that has keys of its own does with them.

// With these a key is the browser's: Alt and an arrow go to the page before.
export const isModified = ({ ctrlKey, altKey, metaKey }) => ctrlKey || altKey || metaKey;

// Nobody else is to hear it.
export function take(event) {
  event.preventDefault();
  event.stopPropagation();
}
