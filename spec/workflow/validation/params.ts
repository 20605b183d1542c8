import type { WorkflowNode } from '../document.ts';
import type { NodeType } from '../node-type.ts';
import { sqlOverSteps } from '../sql-tables.ts';
import { checkNodeRules } from './node-rules.ts';
import { Place } from './place.ts';
import type { Subject } from './subject.ts';
import { TemplateChecks } from './templates.ts';
import { ValueCheck } from './values.ts';

/** Types, parameters, expressions and credentials of nodes and alerts. Disabled nodes pass records on and are not looked at. */
export function checkSettings(subject: Subject): void {
  const templates = new TemplateChecks(subject);
  subject.document.nodes.forEach((node, i) => {
    if (subject.isBroken(node) || node.disabled) return;
    const type = subject.typeOf(i);
    if (type === undefined) reportUnknownType(subject, node, i);
    else {
      checkParams(subject, templates, type, node.params, Place.inNode(subject, i));
      checkSql(subject, templates, type, node, i);
      checkCredential(subject, guarded(type, node), node.credential, `"${node.name}"`, {
        nodeIds: [node.id],
        path: () => subject.nodePath(i, 'credential'),
      });
      checkNodeRules(subject, node, type, i);
    }
  });
  checkAlerts(subject, templates);
}

function checkParams(
  subject: Subject,
  templates: TemplateChecks,
  type: NodeType,
  params: Readonly<Record<string, unknown>>,
  place: Place,
): void {
  const check = new ValueCheck(type.params, (source, at, scope) => templates.check(source, at, scope));
  for (const finding of check.params(params, place)) {
    const { path, nodeIds } = finding.place.where();
    const { message, remedy } = finding;
    subject.report(isUnbounded(type, path) ? 'unbounded-repeat' : finding.code, { message, remedy, nodeIds, path });
  }
}

function checkSql(
  subject: Subject,
  templates: TemplateChecks,
  type: NodeType,
  { params }: WorkflowNode,
  position: number,
): void {
  for (const { name, label, sql } of sqlOverSteps(type.params, params)) {
    templates.checkSql(sql, Place.inNode(subject, position).at(name, label), position);
  }
}

/** The one missing parameter that has a code of its own. */
function isUnbounded(type: NodeType, path: readonly (string | number)[]): boolean {
  return type.kind === 'container' && path.length === 4 && path[3] === 'maxRounds';
}

function reportUnknownType(subject: Subject, node: WorkflowNode, position: number): void {
  const newest = subject.types.newest(node.type);
  if (newest) {
    subject.report('unknown-version', {
      message: `"${node.name}" was made with version ${node.version} of "${newest.title}", and version ${newest.version} is installed here.`,
      remedy:
        node.version > newest.version
          ? 'Update the program, or the node package that it comes from.'
          : 'Open the workflow on the canvas and save it: its settings are then brought up to date.',
      nodeIds: [node.id],
      path: subject.nodePath(position, 'version'),
    });
    return;
  }
  const nearest = subject.types.nearest(node.type);
  subject.report('unknown-type', {
    message: `"${node.name}" is of a kind that is not known here: "${node.type}".`,
    remedy:
      nearest === undefined
        ? 'Choose another node, install the package that it comes from, or disable it.'
        : `Did you mean "${nearest}"?`,
    nodeIds: [node.id],
    path: subject.nodePath(position, 'type'),
  });
}

function checkCredential(
  subject: Subject,
  type: NodeType,
  credential: string | undefined,
  owner: string,
  { nodeIds, path }: { nodeIds: readonly string[]; path: () => (string | number)[] },
): void {
  if (type.credentials.length === 0) return;
  const wanted = () => type.credentials.join(' or ');
  if (credential === undefined) {
    if (type.credentialOptional) return;
    subject.report('missing-credential', {
      message: `${owner} needs a credential to connect with.`,
      remedy: `Choose a credential of type ${wanted()}, or make one.`,
      nodeIds,
      path: path(),
    });
    return;
  }
  const { credentials } = subject.context;
  if (credentials === undefined) return;
  const found = credentials.find((candidate) => candidate.id === credential);
  if (found === undefined) {
    const fitting = credentials.filter((candidate) => type.credentials.includes(candidate.type));
    subject.report('unknown-credential', {
      message: `${owner} connects with the credential "${credential}", which does not exist here.`,
      remedy:
        fitting.length === 0
          ? `Make a credential of type ${wanted()}.`
          : `Choose another, such as "${fitting[0]?.id}", or make one.`,
      nodeIds,
      path: path(),
    });
  } else if (!type.credentials.includes(found.type)) {
    subject.report('wrong-credential-type', {
      message: `${owner} cannot connect with the credential "${credential}": it is of type ${found.type}.`,
      remedy: `Choose a credential of type ${wanted()}.`,
      nodeIds,
      path: path(),
    });
  }
}

/** A webhook that is not open to anyone needs the credential that callers must show, and of the kind that it asks them for. */
function guarded(type: NodeType, { params }: WorkflowNode): NodeType {
  const { auth } = params;
  if (type.type !== 'webhook' || auth === undefined || auth === 'none') return type;
  const fitting = type.credentials.filter((credential) => credential === `webhook-${auth}`);
  return { ...type, credentialOptional: false, credentials: fitting.length > 0 ? fitting : type.credentials };
}

function checkAlerts(subject: Subject, templates: TemplateChecks): void {
  subject.document.settings.alerts?.forEach((alert, i) => {
    const type = subject.types.newest(alert.via);
    if (type === undefined) {
      const nearest = subject.types.nearest(alert.via);
      subject.report('unknown-type', {
        message: `Alert ${i + 1} is to be sent by a kind of node that is not known here: "${alert.via}".`,
        remedy: nearest === undefined ? 'Choose another way to send it.' : `Did you mean "${nearest}"?`,
        path: ['settings', 'alerts', i, 'via'],
      });
      return;
    }
    checkParams(subject, templates, type, alert.params, Place.inAlert(i));
    checkCredential(subject, type, alert.credential, `Alert ${i + 1}`, {
      nodeIds: [],
      path: () => ['settings', 'alerts', i, 'credential'],
    });
  });
}
