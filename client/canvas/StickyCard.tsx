import { type NodeProps, NodeResizer } from '@xyflow/react';
import { memo, useEffect, useRef } from 'react';
import { useCanvas, useUi } from './CanvasContext.tsx';
import { changeSticky } from './edits.ts';
import type { StickyElement } from './flow-elements.ts';
import classes from './StickyCard.module.css';

/** A note on the canvas. Double click or Enter writes in it, Escape ends. */
export const StickyCard = memo(function StickyCard({ data: { sticky }, selected }: NodeProps<StickyElement>) {
  const { documents, ui } = useCanvas();
  const editing = useUi((state) => state.editingSticky === sticky.id);
  const readOnly = documents.getState().readOnly;
  const field = useRef<HTMLTextAreaElement>(null);
  useEffect(() => {
    if (editing) field.current?.focus();
  }, [editing]);
  const change = (label: string, part: Parameters<typeof changeSticky>[2], joins: string) =>
    documents
      .getState()
      .apply(label, (document) => changeSticky(document, sticky.id, part), { joins: `${joins}:${sticky.id}` });
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the text field inside is the control; this only opens it by pointer
    <div
      className={classes.sticky}
      data-selected={selected || undefined}
      onDoubleClick={() => !readOnly && ui.setState({ editingSticky: sticky.id })}
    >
      <NodeResizer
        isVisible={selected && !readOnly}
        minWidth={120}
        minHeight={60}
        onResizeEnd={(_, { x, y, width, height }) =>
          change('Resize the note', { at: [x, y], size: [width, height] }, 'size')
        }
      />
      {editing ? (
        <textarea
          ref={field}
          className={`${classes.field} nodrag nowheel`}
          aria-label="Note"
          maxLength={10_000}
          value={sticky.text}
          onChange={(event) => change('Write in the note', { text: event.currentTarget.value }, 'text')}
          onBlur={() => ui.setState({ editingSticky: undefined })}
          onKeyDown={(event) => {
            event.stopPropagation();
            if (event.key === 'Escape') ui.setState({ editingSticky: undefined });
          }}
        />
      ) : (
        <p className={classes.text}>{sticky.text === '' ? 'Double-click to write' : withBold(sticky.text)}</p>
      )}
    </div>
  );
});

/** `**bold**` is the one mark-up that notes know. */
function withBold(text: string) {
  return text.split(/\*\*(.+?)\*\*/g).map((part, index) =>
    // biome-ignore lint/suspicious/noArrayIndexKey: parts have no identity but their place
    index % 2 === 1 ? <strong key={index}>{part}</strong> : part,
  );
}
