import { closeBrackets, closeBracketsKeymap } from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { javascript } from '@codemirror/lang-javascript';
import { json } from '@codemirror/lang-json';
import { sql } from '@codemirror/lang-sql';
import { bracketMatching, indentOnInput, syntaxHighlighting } from '@codemirror/language';
import { EditorState } from '@codemirror/state';
import { drawSelection, EditorView, keymap, lineNumbers, placeholder as showPlaceholder } from '@codemirror/view';
import { useEffect, useRef } from 'react';
import { editorTheme, highlights } from '../template/editor-theme.ts';
import classes from './CodeEditor.module.css';

interface Props {
  readonly id: string;
  readonly label: string;
  readonly language: 'sql' | 'javascript' | 'json' | 'html' | 'text';
  readonly value: string;
  readonly placeholder?: string | undefined;
  readonly readOnly?: boolean;
  readonly onChange: (value: string) => void;
}

const languages = {
  sql: () => sql(),
  javascript: () => javascript(),
  json: () => json(),
  html: () => [],
  text: () => [],
};

/** An editor for several lines of a language. Loaded when the first one is shown. */
export function CodeEditor({ id, label, language, value, placeholder = '', readOnly = false, onChange }: Props) {
  const host = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView>(undefined);
  const latest = useRef({ value, onChange });
  latest.current = { value, onChange };

  useEffect(() => {
    if (!host.current) return;
    const editor = new EditorView({
      parent: host.current,
      state: EditorState.create({
        doc: latest.current.value,
        extensions: [
          lineNumbers(),
          history(),
          drawSelection(),
          indentOnInput(),
          bracketMatching(),
          closeBrackets(),
          EditorView.lineWrapping,
          languages[language](),
          syntaxHighlighting(highlights),
          keymap.of([...closeBracketsKeymap, ...historyKeymap, ...defaultKeymap]),
          EditorState.readOnly.of(readOnly),
          EditorView.editable.of(!readOnly),
          EditorView.editorAttributes.of({ class: 'cm-code' }),
          EditorView.contentAttributes.of({ id, 'aria-label': label, spellcheck: 'false' }),
          showPlaceholder(placeholder),
          editorTheme,
          EditorView.updateListener.of((update) => {
            if (update.docChanged) latest.current.onChange(update.state.doc.toString());
          }),
        ],
      }),
    });
    view.current = editor;
    return () => editor.destroy();
  }, [id, label, language, readOnly, placeholder]);

  useEffect(() => {
    const editor = view.current;
    if (editor && editor.state.doc.toString() !== value) {
      editor.dispatch({ changes: { from: 0, to: editor.state.doc.length, insert: value } });
    }
  }, [value]);

  return <div ref={host} className={classes.editor} />;
}
