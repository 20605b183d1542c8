import { z } from 'zod';
import { edgeSchema, nodeSchema, stickySchema, type Workflow } from '../../spec/workflow/document.ts';
import { withRenamedReads } from '../../spec/workflow/rename.ts';
import { stepCalled, tableOf } from '../../spec/workflow/sql-tables.ts';
import { withInside } from './containers.ts';
import { freeId, freeName, type Place, type Types } from './edits.ts';
import { type Selection, selectionOf } from './selection.ts';

/** What copying puts on the clipboard as JSON: part of a workflow, which can be pasted into any other, or a text editor. */
const clipSchema = z.object({
  format: z.literal('sluice/1'),
  nodes: z.array(nodeSchema),
  edges: z.array(edgeSchema).default([]),
  layout: z.record(z.string(), z.tuple([z.number(), z.number()])).default({}),
  stickies: z.array(stickySchema).default([]),
});

export type Clip = z.infer<typeof clipSchema>;

export function clipOf(document: Workflow, selection: Selection): Clip {
  const chosen = withInside(document, selection.nodes);
  const nodes = document.nodes.filter((node) => chosen.has(node.id));
  const ids = new Set(nodes.map((node) => node.id));
  return {
    format: 'sluice/1',
    nodes,
    edges: document.edges.filter((edge) => ids.has(edge.from) && ids.has(edge.to)),
    layout: Object.fromEntries(nodes.map((node) => [node.id, document.layout[node.id] ?? [0, 0]])),
    stickies: document.stickies.filter((sticky) => selection.stickies.has(sticky.id)),
  };
}

/** Undefined when the text is no part of a workflow. */
export function readClip(text: string): Clip | undefined {
  try {
    const clip = clipSchema.safeParse(JSON.parse(text));
    return clip.success && clip.data.nodes.length + clip.data.stickies.length > 0 ? clip.data : undefined;
  } catch {
    return undefined;
  }
}

/** Adds a clip with its top left corner at a place, under free ids and names; references inside it follow. */
export function pasteClip(
  document: Workflow,
  clip: Clip,
  at: Place,
  types: Types,
): { document: Workflow; selection: Selection } {
  const ids = new Set(document.nodes.map((node) => node.id));
  const names = new Set(document.nodes.map((node) => node.name));
  const renamed = new Map<string, string>();
  const called = new Map<string, string>();
  for (const node of clip.nodes) {
    const id = freeId(node.id, ids);
    const name = freeName(node.name, names);
    ids.add(id);
    names.add(name);
    renamed.set(node.id, id);
    called.set(node.name, name);
  }
  // A reference may be by id or by name; where a text is both, it is an id.
  const renames = new Map([...called, ...renamed]);
  const corner = cornerOf(clip);
  const moved = ([x, y]: Place): [number, number] => [x - corner[0] + at[0], y - corner[1] + at[1]];
  const goingBy = ({ id, name }: { id: string; name: string }) => ({
    id: renamed.get(id) ?? id,
    name: called.get(name) ?? name,
  });
  const steps = [...document.nodes, ...clip.nodes.map(goingBy)];
  const table = (text: string) => {
    const among = stepCalled(text, clip.nodes);
    return among === undefined ? undefined : tableOf(document.nodes.length + among, steps, text);
  };
  const nodes = clip.nodes.map((node) => {
    const { parent, ...rest } = node;
    const newParent = parent === undefined ? undefined : renamed.get(parent);
    return {
      ...rest,
      ...goingBy(node),
      params: withRenamedReads(node, types, { renames, table }),
      ...(newParent === undefined ? {} : { parent: newParent }),
    };
  });
  const edges = clip.edges.flatMap((edge) => {
    const from = renamed.get(edge.from);
    const to = renamed.get(edge.to);
    return from === undefined || to === undefined ? [] : [{ ...edge, from, to }];
  });
  const stickyIds = new Set(document.stickies.map((sticky) => sticky.id));
  const stickies = clip.stickies.map((sticky) => {
    const id = freeId(sticky.id, stickyIds);
    stickyIds.add(id);
    return { ...sticky, id, at: moved(sticky.at) };
  });
  const layout = { ...document.layout };
  for (const node of clip.nodes) layout[renamed.get(node.id) ?? node.id] = moved(clip.layout[node.id] ?? [0, 0]);
  return {
    document: {
      ...document,
      nodes: [...document.nodes, ...nodes],
      edges: [...document.edges, ...edges],
      layout,
      stickies: [...document.stickies, ...stickies],
    },
    selection: selectionOf({ nodes: nodes.map((node) => node.id), stickies: stickies.map((sticky) => sticky.id) }),
  };
}

/** Top left corner of a clip. */
export function cornerOf(clip: Clip): Place {
  const places = [
    ...clip.nodes.map((node) => clip.layout[node.id] ?? ([0, 0] as const)),
    ...clip.stickies.map(({ at }) => at),
  ];
  return [Math.min(...places.map(([x]) => x)), Math.min(...places.map(([, y]) => y))];
}
