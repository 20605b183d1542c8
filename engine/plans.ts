import type { Workflow } from '../spec/workflow/document.ts';
import type { RunHeader } from './journal.ts';
import { type Plan, planOf } from './plan.ts';
import type { EnginePorts } from './ports.ts';

/** Versions whose plan is kept ready. */
const MOST = 500;

/** The plans of versions, each made once. */
export class Plans {
  private readonly ports: Pick<EnginePorts, 'registry' | 'store'>;
  private readonly known = new Map<string, Plan>();

  constructor(ports: Pick<EnginePorts, 'registry' | 'store'>) {
    this.ports = ports;
  }

  of(version: string, document: Workflow): Plan {
    const known = this.known.get(version);
    if (known) return known;
    const plan = planOf(document, this.ports.registry);
    if (this.known.size >= MOST) this.known.delete(this.known.keys().next().value as string);
    this.known.set(version, plan);
    return plan;
  }

  async ofRun({ id, version }: RunHeader): Promise<Plan> {
    const known = this.known.get(version);
    if (known) return known;
    const document = await this.ports.store.loadVersion(version);
    if (!document) throw new Error(`The version ${version} of run ${id} is missing from the store`);
    return this.of(version, document);
  }
}
