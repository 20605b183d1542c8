import type { DragEvent } from 'react';

const media = 'application/x-sluice-node-type';

/** What a drag from the palette carries to the canvas. */
export function startDrag(event: DragEvent, type: string): void {
  event.dataTransfer.setData(media, type);
  event.dataTransfer.effectAllowed = 'copy';
}

export function draggedType(event: DragEvent): string | undefined {
  const type = event.dataTransfer.getData(media);
  return type === '' ? undefined : type;
}
