import '@xyflow/react/dist/base.css';
import { IconAlertTriangleFilled, IconPlus } from '@tabler/icons-react';
import { Handle, type NodeProps, Position, useUpdateNodeInternals } from '@xyflow/react';
import { type KeyboardEvent, memo, useEffect, useRef, useState } from 'react';
import { shownStatus } from '../runs/run-words.ts';
import { ConnectorIcon } from '../ui/ConnectorIcon.tsx';
import { countOf, formatCount, formatDateTime } from '../ui/format.ts';
import { StatusBadge, statusWord } from '../ui/StatusBadge.tsx';
import { useCanvas, useDocument, useProblems, useRun, useUi } from './CanvasContext.tsx';
import { portTop } from './card-size.ts';
import { isLabelled, isSide, type StepElement } from './flow-elements.ts';
import classes from './StepCard.module.css';
import { summaryParts } from './summary.ts';

/** A node on the canvas: icon, name, one line that says what it does, its ports, problems and last status. */
export const StepCard = memo(function StepCard({ id, data, selected, height = 0 }: NodeProps<StepElement>) {
  const { node, type, inputs, outputs, open } = data;
  const { ui, documents } = useCanvas();
  const problems = useProblems((state) => state.byNode.get(id));
  const step = useRun((state) => state.steps[id]);
  const status = useRun(({ run, steps: { [id]: known } }) => known && shownStatus(run, known));
  const past = useRun((state) => (state.earlier ? state.run?.createdAt : undefined));
  const inLoop = useUi((state) => state.loop.includes(id));
  const renaming = useUi((state) => state.renaming === id);
  const focusable = useDocument((state) => isEntry(state.selection.nodes, state.document.nodes[0]?.id, id));
  const ports = `${inputs.map((port) => port.name).join('\n')}\n\n${outputs.map((port) => port.name).join('\n')}`;
  usePortUpdates(id, ports);

  const tone = type?.kind === 'trigger' ? 'trigger' : type?.kind === 'container' ? 'container' : 'action';
  const said = [
    node.disabled ? 'Disabled' : '',
    step ? `${past === undefined ? '' : 'Last run: '}${statusWord(status ?? step.status)}` : '',
    problems ? countOf(problems.length, 'problem') : '',
  ].filter(Boolean);
  const openPanel = () => ui.setState({ panel: { node: id } });
  return (
    <div
      className={classes.card}
      data-selected={selected || undefined}
      data-disabled={node.disabled || undefined}
      data-loop={inLoop || undefined}
      data-status={past === undefined ? status : undefined}
      data-tone={tone}
      data-inputs={inputs.length > 1 || undefined}
      style={{ height }}
    >
      {/* biome-ignore lint/a11y/useSemanticElements: a button cannot hold the field that renames */}
      <div
        role="button"
        tabIndex={focusable ? 0 : -1}
        className={classes.face}
        data-step={id}
        aria-pressed={selected}
        onDoubleClick={openPanel}
        onFocus={() => selectOnFocus(documents, id)}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && event.target === event.currentTarget && !event.ctrlKey && !event.metaKey) {
            event.preventDefault();
            openPanel();
          }
        }}
      >
        <span className={classes.icon}>
          <ConnectorIcon connector={type?.connector ?? ''} type={node.type} size={22} />
        </span>
        <span className={classes.words}>
          {renaming ? <NameField id={id} name={node.name} /> : <span className={classes.name}>{node.name}</span>}
          <span className={classes.summary}>
            {summaryParts(node, type).map((part, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: parts have no identity but their place
              <span key={index} data-kind={part.kind}>
                {part.kind === 'unset' ? `choose ${part.text}` : part.text}
              </span>
            ))}
          </span>
          {said.length > 0 && <span className="visually-hidden">{said.join(', ')}</span>}
        </span>
      </div>
      {problems && (
        <button
          type="button"
          className={`${classes.problems} nodrag`}
          aria-label={`${countOf(problems.length, 'problem')} of ${node.name}`}
          title={problems.map((problem) => problem.message).join('\n')}
          onClick={() => ui.setState({ panel: { node: id, ...fieldOf(problems[0]?.path) } })}
        >
          <IconAlertTriangleFilled size={13} aria-hidden />
          {problems.length}
        </button>
      )}
      {node.disabled && <span className={classes.off}>Disabled</span>}
      {step && step.status !== 'pending' && (
        <span className={classes.status} title={past === undefined ? undefined : `Last run, ${formatDateTime(past)}`}>
          <StatusBadge status={status ?? step.status} />
          {step.status !== 'skipped' && (
            <StepCounts
              done={step.progress?.done}
              total={step.progress?.total}
              out={step.out}
              attempts={step.rounds ? 1 : step.attempts}
            />
          )}
        </span>
      )}
      {inputs.map((port, index) => (
        <Handle
          key={port.name}
          id={port.name}
          type="target"
          position={Position.Left}
          className={classes.handle ?? ''}
          style={{ top: portTop(index, inputs.length, height) }}
        >
          {inputs.length > 1 && <span className={classes.inputLabel}>{port.label ?? port.name}</span>}
        </Handle>
      ))}
      {outputs.map((port, index) => (
        <Handle
          key={port.name}
          id={port.name}
          type="source"
          position={Position.Right}
          className={classes.handle ?? ''}
          data-port={port.name}
          data-side={isSide(port) || undefined}
          style={{ top: portTop(index, outputs.length, height) }}
        >
          {isLabelled(port, outputs) && (
            <span className={classes.outputLabel} data-quiet={(isSide(port) && open.includes(port.name)) || undefined}>
              {port.label ?? port.name}
            </span>
          )}
        </Handle>
      ))}
      {outputs.map(
        (port, index) =>
          open.includes(port.name) && (
            <button
              key={port.name}
              type="button"
              tabIndex={selected ? 0 : -1}
              className={`${classes.plus} nodrag nopan`}
              style={{ top: portTop(index, outputs.length, height) }}
              data-labelled={isLabelled(port, outputs) || undefined}
              data-side={isSide(port) || undefined}
              aria-label={`Add a step after ${node.name}${outputs.length > 1 ? `, ${port.label ?? port.name}` : ''}`}
              onClick={(event) => {
                const { right, top } = event.currentTarget.getBoundingClientRect();
                ui.setState({
                  picker: {
                    intent: { kind: 'after', node: id, output: index === 0 ? undefined : port.name },
                    x: right + 6,
                    y: top,
                  },
                });
              }}
            >
              <IconPlus size={14} aria-hidden />
            </button>
          ),
      )}
      {type?.kind === 'container' && (
        <button
          type="button"
          tabIndex={selected ? 0 : -1}
          className={`${classes.inside} nodrag nopan`}
          aria-label={`Add a step inside ${node.name}`}
          title={`Add a step inside ${node.name}`}
          onClick={(event) => {
            const { right, top } = event.currentTarget.getBoundingClientRect();
            ui.setState({ picker: { intent: { kind: 'inside', container: id }, x: right + 6, y: top } });
          }}
        >
          <IconPlus size={14} aria-hidden />
          Inside
        </button>
      )}
    </div>
  );
});

function StepCounts({
  done,
  total,
  out,
  attempts,
}: {
  done: number | undefined;
  total: number | undefined;
  out: Readonly<Record<string, number>>;
  attempts: number;
}) {
  const sum = Object.values(out).reduce((all, count) => all + count, 0);
  return (
    <span className={classes.counts}>
      {done === undefined
        ? formatCount(sum)
        : `${formatCount(done)}${total === undefined ? '' : ` of ${formatCount(total)}`}`}
      {attempts > 1 && ` · try ${attempts}`}
    </span>
  );
}

function NameField({ id, name }: { id: string; name: string }) {
  const { ui, commands } = useCanvas();
  const [text, setText] = useState(name);
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => input.current?.select(), []);
  const end = (keep: boolean) => {
    if (keep) commands.rename(id, text);
    ui.setState({ renaming: undefined });
    requestAnimationFrame(() => focusStep(id));
  };
  return (
    <input
      ref={input}
      className={`${classes.nameField} nodrag`}
      aria-label="Name of the step"
      value={text}
      maxLength={200}
      onChange={(event) => setText(event.currentTarget.value)}
      onBlur={() => end(true)}
      onDoubleClick={(event) => event.stopPropagation()}
      onKeyDown={(event: KeyboardEvent) => {
        event.stopPropagation();
        if (event.key === 'Enter') end(true);
        if (event.key === 'Escape') end(false);
      }}
    />
  );
}

/** Puts the keyboard on a card; the canvas pans to it if it is out of view. */
export function focusStep(id: string): void {
  document.querySelector<HTMLElement>(`[data-step="${CSS.escape(id)}"]`)?.focus({ preventScroll: true });
}

/** Only one card is a stop of the Tab key: the selected one, or the first. */
function isEntry(selected: ReadonlySet<string>, first: string | undefined, id: string): boolean {
  return selected.size === 0 ? first === id : selected.has(id);
}

function selectOnFocus(documents: ReturnType<typeof useCanvas>['documents'], id: string): void {
  const { selection, select } = documents.getState();
  if (!selection.nodes.has(id)) select({ nodes: new Set([id]), edges: new Set(), stickies: new Set() });
}

function fieldOf(path: readonly (string | number)[] | undefined): { field?: string } {
  const field = path?.[2] === 'params' ? path[3] : undefined;
  return typeof field === 'string' ? { field } : {};
}

/** React Flow remembers where ports are, so it must hear when there are others. */
function usePortUpdates(id: string, ports: string): void {
  const update = useUpdateNodeInternals();
  const known = useRef(ports);
  useEffect(() => {
    if (known.current !== ports) update(id);
    known.current = ports;
  }, [id, ports, update]);
}
