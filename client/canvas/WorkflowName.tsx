import { useState } from 'react';
import { useCanvas, useDocument } from './CanvasContext.tsx';
import classes from './TopBar.module.css';

export function WorkflowName() {
  const { documents } = useCanvas();
  const name = useDocument((state) => state.document.name);
  const readOnly = useDocument((state) => state.readOnly);
  const [text, setText] = useState<string>();
  const end = (keep: boolean) => {
    const trimmed = text?.trim().slice(0, 200);
    setText(undefined);
    if (!keep || trimmed === undefined || trimmed === '' || trimmed === name) return;
    documents.getState().apply('Rename the workflow', (document) => ({ ...document, name: trimmed }));
  };
  if (text === undefined) {
    return (
      <h1 style={{ margin: 0, minWidth: 0, display: 'flex' }}>
        <button type="button" className={classes.name} title="Rename" disabled={readOnly} onClick={() => setText(name)}>
          {name}
        </button>
      </h1>
    );
  }
  return (
    <input
      // biome-ignore lint/a11y/noAutofocus: it takes the place of the button that was just pressed
      autoFocus
      className={classes.nameField}
      aria-label="Name of the workflow"
      value={text}
      maxLength={200}
      onFocus={(event) => event.currentTarget.select()}
      onChange={(event) => setText(event.currentTarget.value)}
      onBlur={() => end(true)}
      onKeyDown={(event) => {
        if (event.key === 'Enter') end(true);
        if (event.key === 'Escape') end(false);
      }}
    />
  );
}
