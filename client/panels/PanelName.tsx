import { Modal } from '@mantine/core';
import { useState } from 'react';
import type { WorkflowNode } from '../../spec/workflow/document.ts';
import { useCanvas, useDocument } from '../canvas/CanvasContext.tsx';
import classes from './PanelName.module.css';

/** The step's name, edited where it stands. */
export function PanelName({ node }: { node: WorkflowNode }) {
  const { commands } = useCanvas();
  const readOnly = useDocument((state) => state.readOnly);
  const [text, setText] = useState<string>();
  const end = () => {
    if (text !== undefined) commands.rename(node.id, text);
    setText(undefined);
  };
  return (
    <>
      <Modal.Title className="visually-hidden">{node.name}</Modal.Title>
      <input
        className={classes.name}
        aria-label="Name of the step"
        value={text ?? node.name}
        readOnly={readOnly}
        maxLength={200}
        size={Math.max(8, Math.min(44, (text ?? node.name).length))}
        onChange={(event) => setText(event.currentTarget.value)}
        onBlur={end}
        onKeyDown={(event) => {
          if (event.key === 'Enter') event.currentTarget.blur();
          if (event.key === 'Escape' && text !== undefined) {
            event.stopPropagation();
            setText(undefined);
          }
        }}
      />
    </>
  );
}
