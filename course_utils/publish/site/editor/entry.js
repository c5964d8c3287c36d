// The editor of exercises, out of CodeMirror's parts. `npm ci && npm run build` makes codemirror.js of it.
import { closeBrackets, closeBracketsKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap, indentLess, indentMore } from "@codemirror/commands";
import { python } from "@codemirror/lang-python";
import { bracketMatching, indentOnInput, indentUnit, syntaxHighlighting } from "@codemirror/language";
import { EditorState } from "@codemirror/state";
import { drawSelection, EditorView, highlightActiveLine, keymap, lineNumbers } from "@codemirror/view";
import { classHighlighter } from "@lezer/highlight";

const UNIT = 4;

// To the next multiple of four; with a selection, all of its lines.
function indent(view) {
  const { from, empty } = view.state.selection.main;
  if (!empty) return indentMore(view);
  const column = from - view.state.doc.lineAt(from).from;
  view.dispatch(view.state.update(view.state.replaceSelection(" ".repeat(UNIT - (column % UNIT))), { scrollIntoView: true, userEvent: "input" }));
  return true;
}

// After Escape the Tab key moves on, as everywhere else on a page, until something is written or the field is left.
const leaving = (view) => { view.setTabFocusMode(true); return false; };
const staying = (view) => { view.setTabFocusMode(false); };

export function codeField({ text, selection: [anchor, head], label, described, changed, check }) {
  const view = new EditorView({
    state: EditorState.create({
      doc: text,
      selection: { anchor, head },
      extensions: [
        lineNumbers(), history(), drawSelection(), highlightActiveLine(), bracketMatching(), closeBrackets(), indentOnInput(),
        indentUnit.of(" ".repeat(UNIT)), EditorState.tabSize.of(UNIT), EditorView.lineWrapping,
        python(), syntaxHighlighting(classHighlighter),
        EditorView.contentAttributes.of({ "aria-label": label, "aria-describedby": described, spellcheck: "false", autocapitalize: "off", autocorrect: "off" }),
        keymap.of([
          { key: "Mod-Enter", run: () => { check(); return true; } },
          { key: "Escape", run: leaving },
          { key: "Tab", run: indent, shift: indentLess },
          ...closeBracketsKeymap, ...historyKeymap, ...defaultKeymap,
        ]),
        EditorView.updateListener.of((update) => {
          if (!update.docChanged) return;
          staying(view);
          changed(update.state.doc.toString());
        }),
        EditorView.domEventHandlers({ blur: (_, left) => { staying(left); } }),
      ],
    }),
  });
  return {
    node: view.dom,
    focus: () => view.focus(),
    text: () => view.state.doc.toString(),
    write: (next) => view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: next } }),
  };
}
