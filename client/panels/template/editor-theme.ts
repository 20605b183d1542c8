import { HighlightStyle } from '@codemirror/language';
import { EditorView } from '@codemirror/view';
import { tags } from '@lezer/highlight';

/** Looks of editors, on the app's own colours so that light and dark follow by themselves. */
export const editorTheme = EditorView.theme({
  '&': { fontSize: '13px', backgroundColor: 'transparent' },
  '&.cm-focused': { outline: 'none' },
  '.cm-content': { padding: '7px 2px', fontFamily: 'inherit', caretColor: 'var(--mantine-color-text)' },
  '[data-mode="formula"] & .cm-content, &.cm-code .cm-content': {
    fontFamily: 'var(--mantine-font-family-monospace)',
    fontSize: '12.5px',
  },
  '.cm-scroller': { fontFamily: 'inherit', lineHeight: '20px' },
  '&:not(.cm-code) .cm-scroller': { overflow: 'hidden' },
  '.cm-line': { padding: '0 8px', lineHeight: '20px' },
  '.cm-cursor': { borderLeftColor: 'var(--mantine-color-text)' },
  '.cm-placeholder': { color: 'var(--mantine-color-placeholder)' },
  '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground': {
    backgroundColor: 'color-mix(in srgb, var(--mantine-primary-color-filled) 28%, transparent)',
  },
  '.cm-gutters': { backgroundColor: 'var(--sluice-sunken)', color: 'var(--mantine-color-dimmed)', border: 'none' },
  '.cm-activeLine, .cm-activeLineGutter': { backgroundColor: 'transparent' },
  '.cm-pill': {
    display: 'inline-block',
    maxWidth: '100%',
    margin: '0 1px',
    padding: '0 7px',
    borderRadius: '6px',
    backgroundColor: 'var(--sluice-busy-soft)',
    color: 'var(--sluice-accent-text)',
    fontWeight: '500',
    lineHeight: '20px',
    whiteSpace: 'nowrap',
    overflow: 'hidden',
    textOverflow: 'ellipsis',
    verticalAlign: 'bottom',
    cursor: 'default',
  },
  '.cm-pill-unknown': { backgroundColor: 'var(--sluice-warn-soft)', color: 'var(--sluice-warn)' },
  '.cm-pill-step': { fontWeight: '400' },
  '.cm-tooltip': {
    border: '1px solid var(--sluice-line)',
    borderRadius: '8px',
    backgroundColor: 'var(--sluice-raised)',
    color: 'var(--mantine-color-text)',
    boxShadow: 'var(--mantine-shadow-md)',
    zIndex: '400',
  },
  '.cm-tooltip.cm-tooltip-autocomplete > ul': { fontFamily: 'inherit', maxHeight: '240px', borderRadius: '8px' },
  '.cm-tooltip.cm-tooltip-autocomplete > ul > li': { padding: '4px 10px', fontSize: '12.5px', lineHeight: '18px' },
  '.cm-tooltip.cm-tooltip-autocomplete > ul > li[aria-selected]': {
    backgroundColor: 'var(--sluice-busy-soft)',
    color: 'var(--sluice-accent-text)',
  },
  '.cm-completionMatchedText': { textDecoration: 'none', fontWeight: '700' },
  '.cm-completionDetail': { marginLeft: '10px', fontStyle: 'normal', color: 'var(--mantine-color-dimmed)' },
  '.cm-tooltip.cm-completionInfo': { padding: '8px 12px', maxWidth: '320px', fontSize: '12.5px' },
  '.cm-hole': {
    fontFamily: 'var(--mantine-font-family-monospace)',
    fontSize: '12px',
    backgroundColor: 'var(--sluice-sunken)',
    borderRadius: '4px',
  },
});

export const highlights = HighlightStyle.define([
  { tag: [tags.string, tags.special(tags.string)], color: 'var(--sluice-good)' },
  { tag: [tags.number, tags.bool, tags.null], color: 'var(--sluice-asks)' },
  { tag: [tags.keyword, tags.operatorKeyword], color: 'var(--sluice-asks)' },
  { tag: [tags.function(tags.variableName), tags.function(tags.propertyName)], color: 'var(--sluice-accent-text)' },
  { tag: tags.comment, color: 'var(--mantine-color-dimmed)', fontStyle: 'italic' },
  { tag: tags.propertyName, color: 'var(--mantine-color-text)' },
]);
