import type { z } from 'zod';
import { closest } from '../../expression/suggest.ts';
import { edgeSchema, nodeSchema, retrySchema, settingsSchema, stickySchema, workflowSchema } from '../document.ts';
import type { Problem } from '../problem.ts';
import { problem } from '../problem-codes.ts';
import { isRecord } from '../record.ts';
import { formFault } from './form-fault.ts';

type Issue = z.core.$ZodIssue;
type Path = readonly (string | number)[];

/** A zod issue about the document's form in plain words; `base` is where the parsed part stands in the document. */
export function malformed(issue: Issue, document: unknown, base: Path = []): Problem[] {
  const path = [...base, ...issue.path.map((step) => (typeof step === 'symbol' ? String(step) : step))];
  const nodeIds = nodeIdsOf(document, path);
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => {
      const nearest = closest(key, knownKeys(path));
      return problem('malformed', {
        message: `${capital(ownerOf(document, path))} has no setting named "${key}".`,
        remedy: nearest === undefined ? 'Remove it.' : `Did you mean "${nearest}"?`,
        nodeIds,
        path: [...path, key],
      });
    });
  }
  const words = formFault(issue, valueAt(document, path));
  return [
    problem('malformed', {
      message: `${capital(placeOf(document, path))} ${words.message}.`,
      remedy: words.remedy,
      nodeIds,
      path,
    }),
  ];
}

export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function valueAt(document: unknown, path: Path): unknown {
  let value = document;
  for (const step of path) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = (value as Record<string | number, unknown>)[step];
  }
  return value;
}

/** `"attempts" in "retry" of the node "Push"` */
function placeOf(document: unknown, path: Path): string {
  const last = path.at(-1);
  if (typeof last === 'number' || last === undefined || isItem(path)) return ownerOf(document, path);
  const inner = path.slice(itemLength(path), -1).filter((step) => typeof step === 'string');
  const within = inner.length === 0 ? '' : ` in ${inner.map((step) => `"${step}"`).join(', ')}`;
  return `"${last}"${within} of ${ownerOf(document, path)}`;
}

/** The node, edge, sticky note or workflow that a path is in. */
function ownerOf(document: unknown, path: Path): string {
  const [list, position] = path;
  if (typeof position !== 'number')
    return list === 'layout' && path.length > 1 ? `the place of "${String(position)}"` : 'the workflow';
  const item = valueAt(document, path.slice(0, 2));
  if (list === 'nodes') {
    const name = isRecord(item)
      ? [item.name, item.id].find((given) => typeof given === 'string' && given !== '')
      : undefined;
    return typeof name === 'string' ? `the node "${name}"` : `node ${position + 1} of the list`;
  }
  if (list === 'edges') {
    const ends = isRecord(item) && typeof item.from === 'string' && typeof item.to === 'string';
    return ends ? `the edge from "${item.from}" to "${item.to}"` : `edge ${position + 1} of the list`;
  }
  if (list === 'stickies') return `sticky note ${position + 1}`;
  return 'the workflow';
}

function isItem(path: Path): boolean {
  return path.length === itemLength(path);
}

function itemLength(path: Path): number {
  return path[0] === 'layout' ? Math.min(path.length, 2) : typeof path[1] === 'number' ? 2 : 0;
}

function nodeIdsOf(document: unknown, path: Path): string[] {
  if (path[0] !== 'nodes') return [];
  const id = valueAt(document, [...path.slice(0, 2), 'id']);
  return typeof id === 'string' ? [id] : [];
}

function knownKeys(path: Path): string[] {
  if (path[0] === 'nodes') return Object.keys(path.includes('retry') ? retrySchema.shape : nodeSchema.shape);
  if (path[0] === 'edges') return Object.keys(edgeSchema.shape);
  if (path[0] === 'stickies') return Object.keys(stickySchema.shape);
  return Object.keys(path[0] === 'settings' ? settingsSchema.shape : workflowSchema.shape);
}
