import { Cron } from 'croner';
import { IANAZone } from 'luxon';
import { closest } from '../../expression/suggest.ts';
import { isTemplate } from '../../expression/template.ts';
import type { WorkflowNode } from '../document.ts';
import type { NodeType } from '../node-type.ts';
import { isRecord } from '../record.ts';
import { readSchedule } from '../schedule-words.ts';
import { oneOf, shown } from './form-fault.ts';
import type { Subject } from './subject.ts';
import { labelOf } from './values.ts';

/** What a JSON Schema cannot say about one node's parameters. */
export function checkNodeRules(subject: Subject, node: WorkflowNode, type: NodeType, position: number): void {
  const { params } = node;
  if ('timezone' in params)
    checkZone(subject, params.timezone, `"${node.name}"`, [node.id], () =>
      subject.nodePath(position, 'params', 'timezone'),
    );
  for (const key of cronKeys(type)) checkCron(subject, node, type, position, key);
  checkStretch(subject, node, type, position);
  checkAlternatives(subject, node, type, position);
  checkCases(subject, node, type, position);
  if (node.type === 'run-workflow') checkWorkflow(subject, node, position);
  if (node.type === 'check') checkReference(subject, node, position);
  if (type.kind === 'container' && mayBeUnbounded(type) && params.maxRounds === undefined) {
    subject.report('unbounded-repeat', {
      message: `"${node.name}" does not say how many rounds it may run at most.`,
      remedy: 'Fill in the greatest number of rounds.',
      nodeIds: [node.id],
      path: subject.nodePath(position, 'params', 'maxRounds'),
    });
  }
}

/** Rules that concern the document as a whole. */
export function checkDocumentRules(subject: Subject): void {
  const { settings } = subject.document;
  if (settings.timezone !== undefined) {
    checkZone(subject, settings.timezone, 'The workflow', [], () => ['settings', 'timezone']);
  }
  checkWebhooks(subject);
}

const zones = new Map<string, boolean>();

function checkZone(
  subject: Subject,
  zone: unknown,
  owner: string,
  nodeIds: readonly string[],
  path: () => (string | number)[],
): void {
  if (typeof zone !== 'string' || zone === '' || isTemplate(zone)) return;
  let valid = zones.get(zone);
  if (valid === undefined) {
    valid = IANAZone.isValidZone(zone);
    if (zones.size < 1_000) zones.set(zone, valid);
  }
  if (valid) return;
  const nearest = closest(zone, Intl.supportedValuesOf('timeZone'));
  subject.report('bad-timezone', {
    message: `${owner} uses a time zone that does not exist: "${zone}".`,
    remedy:
      nearest === undefined
        ? 'Choose a zone by region and city, such as "Europe/Berlin".'
        : `Did you mean "${nearest}"?`,
    nodeIds,
    path: path(),
  });
}

const cronKeysOf = new WeakMap<NodeType, readonly string[]>();

function cronKeys(type: NodeType): readonly string[] {
  let keys = cronKeysOf.get(type);
  if (keys === undefined) {
    keys = Object.entries(type.params.properties ?? {}).flatMap(([key, schema]) =>
      schema.ui?.kind === 'cron' ? [key] : [],
    );
    cronKeysOf.set(type, keys);
  }
  return keys;
}

function checkCron(subject: Subject, node: WorkflowNode, type: NodeType, position: number, key: string): void {
  const pattern = node.params[key];
  if (typeof pattern !== 'string' || pattern === '' || isTemplate(pattern)) return;
  if (comesDue(pattern)) return;
  const schema = type.params.properties?.[key];
  reportSchedule(
    subject,
    node,
    position,
    key,
    `"${(schema && labelOf(schema, key)) ?? key}" of "${node.name}" is not a schedule that ever comes: ${shown(pattern)}.`,
    'Write words such as "weekdays at 8:00", or a cron pattern such as "0 8 * * 1-5".',
  );
}

function comesDue(text: string): boolean {
  if (readSchedule(text) !== undefined) return true;
  try {
    return new Cron(text.trim(), { paused: true, mode: '5-or-6-parts' }).nextRun() !== null;
  } catch {
    return false;
  }
}

/** `every` of a schedule, such as "15 minutes". */
function checkStretch(subject: Subject, node: WorkflowNode, type: NodeType, position: number): void {
  const { every } = node.params;
  if (node.type !== 'schedule' || typeof every !== 'string' || every === '') return;
  if (readSchedule(/^every /i.test(every) ? every : `every ${every}`) !== undefined) return;
  reportSchedule(
    subject,
    node,
    position,
    'every',
    `"${labelOf(type.params.properties?.every ?? {}, 'every')}" of "${node.name}" is not a stretch of time: ${shown(every)}.`,
    'Write a number and a unit, such as "15 minutes", "2 hours" or "1 day".',
  );
}

function reportSchedule(
  subject: Subject,
  node: WorkflowNode,
  position: number,
  key: string,
  message: string,
  remedy: string,
): void {
  const path = subject.nodePath(position, 'params', key);
  subject.report('bad-schedule', { message, remedy, nodeIds: [node.id], path });
}

/** Settings of which exactly one must be filled in. */
const alternatives: Readonly<Record<string, readonly string[]>> = {
  schedule: ['cron', 'every'],
  wait: ['for', 'until', 'approval', 'callback'],
};

function checkAlternatives(subject: Subject, node: WorkflowNode, type: NodeType, position: number): void {
  const { properties = {} } = type.params;
  const keys = alternatives[node.type]?.filter((key) => key in properties) ?? [];
  const given = keys.filter((key) => ![undefined, null, ''].includes(node.params[key] as never));
  if (keys.length === 0 || given.length === 1) return;
  const label = (key: string) => labelOf(properties[key] ?? {}, key);
  subject.report(given.length === 0 ? 'missing-parameter' : 'bad-parameter', {
    message:
      given.length === 0
        ? `"${node.name}" needs one of ${oneOf(keys.map(label))}.`
        : `"${node.name}" takes only one of ${oneOf(given.map(label))}.`,
    remedy: given.length === 0 ? 'Fill in one of them.' : 'Clear the others.',
    nodeIds: [node.id],
    path: subject.nodePath(position, 'params', given[1] ?? keys[0] ?? ''),
  });
}

/** Outputs that are made from a list must have names of their own, also beside the fixed ones. */
function checkCases(subject: Subject, node: WorkflowNode, type: NodeType, position: number): void {
  for (const port of type.outputs) {
    const entries = port.each === undefined ? undefined : node.params[port.each];
    if (port.each === undefined || !Array.isArray(entries)) continue;
    const names = new Set<unknown>(type.outputs.flatMap((other) => (other.each === undefined ? [other.name] : [])));
    if (node.onError === 'branch') names.add('error');
    const fixed = new Set(names);
    entries.forEach((entry, i) => {
      const name = isRecord(entry) ? entry.name : undefined;
      if (typeof name !== 'string' || name === '') return;
      if (names.has(name)) {
        subject.report('duplicate-case', {
          message: fixed.has(name)
            ? `"${node.name}" has a case named "${name}", which is the name of another of its outputs.`
            : `"${node.name}" has two cases named "${name}".`,
          remedy: 'Give the case another name.',
          nodeIds: [node.id],
          path: subject.nodePath(position, 'params', port.each ?? '', i, 'name'),
        });
      }
      names.add(name);
    });
  }
}

function checkWorkflow(subject: Subject, node: WorkflowNode, position: number): void {
  const { workflows } = subject.context;
  const { workflow } = node.params;
  if (workflows === undefined || typeof workflow !== 'string' || workflow === '' || isTemplate(workflow)) return;
  if (workflows.includes(workflow) || workflow === subject.document.id) return;
  const nearest = closest(workflow, workflows);
  subject.report('unknown-workflow', {
    message: `"${node.name}" runs the workflow "${workflow}", which does not exist.`,
    remedy: nearest === undefined ? 'Choose an existing workflow.' : `Did you mean "${nearest}"?`,
    nodeIds: [node.id],
    path: subject.nodePath(position, 'params', 'workflow'),
  });
}

/** A rule that looks into the reference input needs an edge there; without such a rule the input may stay empty. */
function checkReference(subject: Subject, node: WorkflowNode, position: number): void {
  const { rules } = node.params;
  const at = Array.isArray(rules) ? rules.findIndex((rule) => isRecord(rule) && rule.rule === 'refers-to') : -1;
  if (at < 0 || subject.document.edges.some(({ to, input }) => to === node.id && input === 'reference')) return;
  subject.report('missing-input', {
    message: `"${node.name}" looks into its input "Reference", and nothing is connected to it.`,
    remedy: 'Draw an edge into "Reference" from the node that has the known values, or remove the rule.',
    nodeIds: [node.id],
    path: subject.nodePath(position, 'params', 'rules', at),
  });
}

/** Repeats until a condition holds, by its schema. */
function mayBeUnbounded(type: NodeType): boolean {
  const { properties = {}, required = [] } = type.params;
  const rounds = properties.maxRounds;
  return rounds !== undefined && rounds.default === undefined && !required.includes('maxRounds');
}

function checkWebhooks(subject: Subject): void {
  const taken = new Map<string, WorkflowNode>();
  subject.document.nodes.forEach((node, i) => {
    const { path, methods } = node.params;
    if (node.type !== 'webhook' || node.disabled || typeof path !== 'string') return;
    const address = path.replace(/^\/+|\/+$/g, '');
    for (const method of Array.isArray(methods) ? methods : ['POST']) {
      const key = `${String(method).toUpperCase()} /hooks/${address}`;
      const other = taken.get(key);
      if (other === undefined) {
        taken.set(key, node);
        continue;
      }
      if (other === node) continue;
      subject.report('duplicate-webhook-path', {
        message: `"${other.name}" and "${node.name}" listen at the same address: ${key}.`,
        remedy: 'Give one of them another path or another method.',
        nodeIds: [other.id, node.id],
        path: subject.nodePath(i, 'params', 'path'),
      });
      return;
    }
  });
}
