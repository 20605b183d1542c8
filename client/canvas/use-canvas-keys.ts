import { useEffect, useEffectEvent } from 'react';
import { useCanvas } from './CanvasContext.tsx';
import { readClip } from './clipboard.ts';
import { nothingSelected } from './selection.ts';
import { type ShortcutName, shortcutOf } from './shortcuts.ts';
import type { CanvasView } from './use-canvas-view.ts';

const step = 20;

/** Keys and clipboard of the canvas. Text fields, dialogs and open panels keep theirs. */
export function useCanvasKeys(view: CanvasView, run: () => void): void {
  const { documents, ui, commands, autosave } = useCanvas();

  const act = (name: ShortcutName, event: KeyboardEvent): boolean => {
    const { undo, redo, select, selection, readOnly } = documents.getState();
    const [selected] = [...selection.nodes];
    switch (name) {
      case 'undo':
        undo();
        return true;
      case 'redo':
        redo();
        return true;
      case 'search':
        if (event.key === 'Tab' && !isOnCanvas(event.target)) return false;
        if (!readOnly) openPicker(undefined);
        return true;
      case 'add-after':
        if (!readOnly) openPicker(selected);
        return true;
      case 'open':
        if (selected === undefined || !isOnCanvas(event.target)) return false;
        ui.setState({ panel: { node: selected } });
        return true;
      case 'rename':
        if (selected !== undefined && !readOnly) ui.setState({ renaming: selected });
        return true;
      case 'disable':
        commands.toggleDisabled();
        return true;
      case 'delete':
        commands.remove();
        return true;
      case 'duplicate':
        commands.duplicate();
        return true;
      case 'select-all':
        commands.selectAll();
        return true;
      case 'connect':
        if (selected !== undefined && !readOnly) ui.setState({ dialog: 'connect' });
        return true;
      case 'note':
        if (!readOnly) view.addNote();
        return true;
      case 'arrange':
        if (!readOnly) void view.arrange();
        return true;
      case 'fit':
        view.fit();
        return true;
      case 'zoom-in':
        view.zoom(1.25);
        return true;
      case 'zoom-out':
        view.zoom(0.8);
        return true;
      case 'run':
        run();
        return true;
      case 'save':
        void autosave.flush();
        return true;
      case 'help':
        ui.setState({ dialog: 'shortcuts' });
        return true;
      case 'next-region':
        focusNextRegion();
        return true;
      case 'leave':
        if (ui.getState().picker) ui.setState({ picker: undefined });
        else select(nothingSelected);
        return true;
      default:
        return walkOrNudge(name, event);
    }
  };

  const walkOrNudge = (name: ShortcutName, event: KeyboardEvent): boolean => {
    if (!isOnCanvas(event.target)) return false;
    const [kind, direction] = name.split('-');
    if (kind === 'walk') view.walk(direction as 'left' | 'right' | 'up' | 'down');
    else {
      const dx = direction === 'left' ? -step : direction === 'right' ? step : 0;
      const dy = direction === 'up' ? -step : direction === 'down' ? step : 0;
      commands.nudge(dx, dy);
    }
    return true;
  };

  const openPicker = (after: string | undefined) => {
    const card = after === undefined ? null : document.querySelector(`[data-step="${CSS.escape(after)}"]`);
    const box = (card ?? document.querySelector('.react-flow'))?.getBoundingClientRect();
    if (!box) return;
    const beside = card !== null;
    ui.setState({
      picker: {
        intent: after === undefined ? { kind: 'add' } : { kind: 'after', node: after, output: undefined },
        x: beside ? box.right + 12 : box.left + box.width / 2 - 160,
        y: beside ? box.top : box.top + 60,
      },
    });
  };

  const onKey = useEffectEvent((event: KeyboardEvent) => {
    if (event.defaultPrevented || isElsewhere(event.target) || ui.getState().panel || ui.getState().dialog) return;
    const name = shortcutOf(event);
    // A focused button keeps Enter and the arrows of menus.
    if (name === undefined) return;
    if (act(name, event)) event.preventDefault();
  });

  const onClipboard = useEffectEvent((event: ClipboardEvent) => {
    if (isElsewhere(event.target) || ui.getState().panel || ui.getState().dialog) return;
    if (event.type === 'paste') {
      const clip = readClip(event.clipboardData?.getData('text/plain') ?? '');
      if (!clip) {
        documents.getState().say('The clipboard holds no steps.');
        return;
      }
      event.preventDefault();
      commands.paste(clip, view.middle());
      return;
    }
    if (String(window.getSelection() ?? '') !== '') return;
    const clip = commands.copied();
    if (!clip) return;
    event.preventDefault();
    event.clipboardData?.setData('text/plain', JSON.stringify(clip, null, 2));
    documents.getState().say(event.type === 'cut' ? 'Cut' : 'Copied');
    if (event.type === 'cut') commands.remove();
  });

  useEffect(() => {
    const listening = new AbortController();
    const { signal } = listening;
    window.addEventListener('keydown', onKey, { signal });
    for (const type of ['copy', 'cut', 'paste'] as const) document.addEventListener(type, onClipboard, { signal });
    return () => listening.abort();
  }, []);
}

/** The pane, a card, or nothing at all has the keyboard. */
function isOnCanvas(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement) || target === document.body) return true;
  return target.closest('[data-step]') !== null || target.classList.contains('react-flow') || target.id === 'page';
}

/** In a text field, a menu or a dialog, whose keys are its own. */
function isElsewhere(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return (
    target.isContentEditable ||
    target.closest('input, textarea, select, [role=dialog], [role=menu], [role=listbox]') !== null
  );
}

function focusNextRegion(): void {
  const regions = [...document.querySelectorAll<HTMLElement>('[data-region]')];
  const current = regions.findIndex((region) => region.contains(document.activeElement));
  const next = regions[(current + 1) % regions.length];
  next?.querySelector<HTMLElement>('[tabindex="0"], a[href], button:not(:disabled), input')?.focus();
}
