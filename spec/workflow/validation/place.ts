import type { Subject } from './subject.ts';

/** Where in a node's (or an alert's) settings a check stands, and how to say it. */
export class Place {
  /** Position of the node among the nodes; absent in alerts. */
  readonly node: number | undefined;
  readonly #subject: Subject;
  readonly #owner: string;
  readonly #path: () => (string | number)[];
  readonly #up: Place | undefined;
  readonly #key: string | number | undefined;
  readonly #label: string | undefined;

  private constructor(
    from: { subject: Subject; owner: string; node?: number | undefined; path: () => (string | number)[] },
    up?: Place,
    key?: string | number,
    label?: string,
  ) {
    this.#subject = from.subject;
    this.#owner = from.owner;
    this.#path = from.path;
    this.node = from.node;
    this.#up = up;
    this.#key = key;
    this.#label = label;
  }

  static inNode(subject: Subject, node: number): Place {
    const owner = `"${subject.document.nodes[node]?.name ?? ''}"`;
    return new Place({ subject, owner, node, path: () => subject.nodePath(node, 'params') });
  }

  static inAlert(subject: Subject, alert: number): Place {
    return new Place({ subject, owner: `alert ${alert + 1}`, path: () => ['settings', 'alerts', alert, 'params'] });
  }

  /** A field below; an entry of a list when the key is a number. */
  at(key: string | number, label?: string): Place {
    return new Place(
      { subject: this.#subject, owner: this.#owner, node: this.node, path: this.#path },
      this,
      key,
      label ?? (typeof key === 'number' ? undefined : key),
    );
  }

  /** `"Field" in entry 2 of "Sort by" of "Sort the accounts"` */
  words(): string {
    const parts: string[] = [];
    for (let at: Place | undefined = this; at !== undefined; at = at.#up) {
      if (typeof at.#key === 'number') parts.push(`entry ${at.#key + 1}`);
      else if (at.#label !== undefined) parts.push(`"${at.#label}"`);
    }
    return [...parts, this.#owner].join(' of ').replace(/" of entry/g, '" in entry');
  }

  where(): { nodeIds: string[]; path: (string | number)[] } {
    const keys: (string | number)[] = [];
    for (let at: Place | undefined = this; at !== undefined; at = at.#up) {
      if (at.#key !== undefined) keys.unshift(at.#key);
    }
    const id = this.node === undefined ? undefined : this.#subject.document.nodes[this.node]?.id;
    return { nodeIds: id === undefined ? [] : [id], path: [...this.#path(), ...keys] };
  }
}
