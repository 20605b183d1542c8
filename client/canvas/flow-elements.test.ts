import { describe, expect, it } from 'vitest';
import { document, types } from './canvas.fixtures.ts';
import { connect, moveTo, setFields, setParam } from './edits.ts';
import { FlowElements } from './flow-elements.ts';
import { nothingSelected, selectionOf } from './selection.ts';

const drawn = { document, types, selection: nothingSelected, moving: new Map<string, [number, number]>() };

describe('elements of the drawing', () => {
  it('keeps the elements whose ingredients did not change', () => {
    const elements = new FlowElements();
    const before = elements.nodes(drawn);
    const after = elements.nodes({
      ...drawn,
      document: setParam(document, 'a', 'x', 1),
      selection: selectionOf({ nodes: ['b'] }),
    });
    expect(after.map((node, index) => node === before[index])).toEqual([true, false, false, true]);
    expect(elements.edges(drawn)[0]).toBe(
      elements.edges({ ...drawn, document: moveTo(document, new Map([['a', [4, 4]]])) })[0],
    );
  });

  it('names first ports, which the document leaves out', () => {
    expect(new FlowElements().edges(drawn).map((edge) => [edge.sourceHandle, edge.targetHandle])).toEqual([
      ['records', 'input'],
      ['records', 'input'],
      ['records', 'left'],
    ]);
  });

  it('tells which outputs are still open', () => {
    const open = (given: typeof document) =>
      new FlowElements()
        .nodes({ ...drawn, document: given })
        .map((node) => (node.type === 'step' ? node.data.open : undefined));
    expect(open(document)).toEqual([[], [], [], ['records']]);
    const split = connect(setFields(document, 'a', { type: 'if' }), { from: 'a', output: 'false', to: 'b' });
    expect(open(split)[1]).toEqual([]);
  });

  it('follows what is being dragged', () => {
    const [first] = new FlowElements().nodes({ ...drawn, moving: new Map([['start', [7, 9]]]) });
    expect(first?.position).toEqual({ x: 7, y: 9 });
  });

  it('draws a frame around a container and what stands in it', () => {
    const [frame] = new FlowElements().nodes({ ...drawn, document: setFields(document, 'b', { parent: 'a' }) });
    expect(frame).toMatchObject({ type: 'frame', position: { x: 332, y: -28 }, data: { name: 'A' } });
  });
});
