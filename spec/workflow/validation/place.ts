import type { ProblemCode } from '../problem-codes.ts';
import type { Subject } from './subject.ts';

interface Owner {
  readonly node: number | undefined;
  readonly words: string;
  readonly nodeIds: readonly string[];
  readonly path: () => (string | number)[];
}

/** Where in a node's (or an alert's) settings a check stands, and how to say it. */
export class Place {
  /** Position of the node among the nodes; absent in alerts. */
  readonly node: number | undefined;
  private readonly owner: Owner;
  private readonly up: Place | undefined;
  private readonly key: string | number | undefined;
  private readonly label: string | undefined;

  private constructor(owner: Owner, up?: Place, key?: string | number, label?: string) {
    this.node = owner.node;
    this.owner = owner;
    this.up = up;
    this.key = key;
    this.label = label;
  }

  static inNode(subject: Subject, node: number): Place {
    const of = subject.document.nodes[node];
    return new Place({
      node,
      words: `"${of?.name ?? ''}"`,
      nodeIds: of ? [of.id] : [],
      path: () => subject.nodePath(node, 'params'),
    });
  }

  static inAlert(alert: number): Place {
    const path = () => ['settings', 'alerts', alert, 'params'];
    return new Place({ node: undefined, words: `alert ${alert + 1}`, nodeIds: [], path });
  }

  /** A field below; an entry of a list when the key is a number. */
  at(key: string | number, label?: string): Place {
    return new Place(this.owner, this, key, label ?? (typeof key === 'number' ? undefined : key));
  }

  /** `"Field" in entry 2 of "Sort by" of "Sort the accounts"` */
  words(): string {
    const parts: string[] = [];
    for (let at: Place | undefined = this; at !== undefined; at = at.up) {
      if (typeof at.key === 'number') parts.push(`entry ${at.key + 1}`);
      else if (at.label !== undefined) parts.push(`"${at.label}"`);
    }
    return [...parts, this.owner.words].join(' of ').replace(/" of entry/g, '" in entry');
  }

  where(): { nodeIds: string[]; path: (string | number)[] } {
    const keys: (string | number)[] = [];
    for (let at: Place | undefined = this; at !== undefined; at = at.up) {
      if (at.key !== undefined) keys.unshift(at.key);
    }
    return { nodeIds: [...this.owner.nodeIds], path: [...this.owner.path(), ...keys] };
  }
}

/** What is found wrong at a place. */
export interface Finding {
  readonly code: ProblemCode;
  readonly place: Place;
  readonly message: string;
  readonly remedy: string;
}
