// A picture out of the one before and what has changed (see changes.py): both unpacked.

const byEntry = (before, now) => now?.map((entry, i) => (entry === 0 ? before[i] : entry)) ?? before;

export function changed(before, { panels, ...top }) {
  return {
    ...before, ...top,
    panels: panels.map((panel, p) => {
      const old = before.panels[p];
      return {
        ...old, ...panel, lines: byEntry(old.lines, panel.lines), texts: byEntry(old.texts, panel.texts),
        marks: panel.marks.map((mark, m) => ("kind" in mark ? mark : { ...old.marks[m], ...mark })),
      };
    }),
  };
}
