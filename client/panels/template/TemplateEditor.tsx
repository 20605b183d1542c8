import {
  acceptCompletion,
  autocompletion,
  closeBrackets,
  closeBracketsKeymap,
  completionKeymap,
} from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { javascriptLanguage } from '@codemirror/lang-javascript';
import { syntaxHighlighting } from '@codemirror/language';
import { Compartment, EditorState } from '@codemirror/state';
import { drawSelection, EditorView, keymap, placeholder as showPlaceholder, tooltips } from '@codemirror/view';
import { useEffect, useRef } from 'react';
import type { Column } from '../data/step-data.ts';
import { completeExpressions } from './completions.ts';
import { editorTheme, highlights } from './editor-theme.ts';
import { type PillWords, pills, refreshPills } from './pills.ts';

export interface EditorHandle {
  insert(text: string): void;
  focus(): void;
}

interface Props {
  readonly id: string;
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  /** `formula`: the whole text is an expression. */
  readonly mode: 'text' | 'formula';
  readonly multiline: boolean;
  readonly placeholder?: string | undefined;
  readonly readOnly?: boolean;
  readonly columns: readonly Column[];
  readonly pillWords: PillWords;
  readonly onReady: (handle: EditorHandle) => void;
  readonly onFocus: () => void;
}

/** A text field in which references to columns are pills, on CodeMirror. Loaded when the first one is shown. */
export function TemplateEditor(props: Props) {
  const { id, label, value, mode, multiline, readOnly = false, placeholder = '' } = props;
  const host = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView>(undefined);
  const latest = useRef(props);
  latest.current = props;
  const words = useRef<PillWords>(props.pillWords);
  words.current = props.pillWords;

  useEffect(() => {
    if (!host.current) return;
    const editable = new Compartment();
    const editor = new EditorView({
      parent: host.current,
      state: EditorState.create({
        doc: latest.current.value,
        extensions: [
          history(),
          drawSelection(),
          EditorView.lineWrapping,
          closeBrackets(),
          autocompletion({
            override: [completeExpressions(mode, () => latest.current.columns)],
            icons: false,
            maxRenderedOptions: 60,
          }),
          tooltips({ parent: document.body }),
          mode === 'formula' ? [javascriptLanguage, syntaxHighlighting(highlights)] : pills(words),
          multiline ? [] : EditorState.transactionFilter.of((change) => (change.newDoc.lines > 1 ? [] : change)),
          // Tab goes to the next field unless a completion is open; the editor is no trap for the keyboard.
          keymap.of([
            { key: 'Tab', run: acceptCompletion },
            ...completionKeymap,
            ...closeBracketsKeymap,
            ...historyKeymap,
            ...defaultKeymap,
          ]),
          editable.of([EditorState.readOnly.of(readOnly), EditorView.editable.of(!readOnly)]),
          EditorView.contentAttributes.of({
            id,
            'aria-label': label,
            'aria-multiline': String(multiline),
            spellcheck: 'false',
          }),
          showPlaceholder(placeholder),
          editorTheme,
          EditorView.updateListener.of((update) => {
            if (update.docChanged) latest.current.onChange(update.state.doc.toString());
            if (update.focusChanged && update.view.hasFocus) latest.current.onFocus();
          }),
        ],
      }),
    });
    view.current = editor;
    latest.current.onReady({
      insert(text) {
        editor.dispatch(editor.state.replaceSelection(text));
        editor.focus();
      },
      focus: () => editor.focus(),
    });
    return () => editor.destroy();
  }, [id, label, mode, multiline, readOnly, placeholder]);

  useEffect(() => {
    const editor = view.current;
    if (editor && editor.state.doc.toString() !== value) {
      editor.dispatch({ changes: { from: 0, to: editor.state.doc.length, insert: value } });
    }
  }, [value]);

  const names = props.columns.map((column) => column.step.name).join('\n');
  // biome-ignore lint/correctness/useExhaustiveDependencies: pills show these names
  useEffect(() => {
    view.current?.dispatch({ effects: refreshPills.of(null) });
  }, [names]);

  return <div ref={host} data-multiline={multiline || undefined} data-mode={mode} />;
}
