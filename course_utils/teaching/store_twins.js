// A widget lives as long as its kernel. Stored with the notebook, its view would be an error message when the
// notebook is opened again, in front of the static twin beside it. So store only the twin; and nothing of a view
// that stands alone, such as a progress bar.
const VIEW = "application/vnd.jupyter.widget-view+json";

function storeTwins(model) {
  const notebook = model.widget_manager.context?.model; // as JupyterLab has it; elsewhere nothing is stored
  if (!notebook?.toJSON || notebook.storesTwins) return;
  notebook.storesTwins = true;
  const whole = notebook.toJSON.bind(notebook);
  notebook.toJSON = () => {
    const content = whole();
    return { ...content, cells: content.cells.map((cell) => cell.outputs ? { ...cell, outputs: cell.outputs.flatMap(stored) } : cell) };
  };
}

function stored(output) {
  if (!output.data?.[VIEW]) return [output];
  const { [VIEW]: _, ...data } = output.data;
  if (data["text/html"]) return [{ ...output, data }];
  return Object.keys(data).length > 0 ? [output] : [];
}
