import { reportOf } from '../../sdk/index.ts';
import type { CredentialSummary, CredentialTestResult, CredentialView } from '../../spec/api/credential.ts';
import { routes } from '../../spec/api/routes.ts';
import { describeCredential } from '../credentials/credential-types.ts';
import type { StoredCredential } from '../credentials/credential-vault.ts';
import { Fault } from '../fault.ts';
import type { Services } from '../services.ts';
import type { Bind } from './bind.ts';

/** A service that does not answer must not hold a form. Milliseconds. */
const PATIENCE = 20_000;

export function credentialRoutes(bind: Bind, services: Services): void {
  const { vault, catalogue, ports } = services;
  const usage = () => usageOf(services);
  const view = async (stored: StoredCredential): Promise<CredentialView> => {
    return { ...stored, filled: [...stored.filled], usedBy: [...((await usage()).get(stored.id) ?? [])] };
  };
  const tried = async (type: string, values: () => Promise<Record<string, unknown>>): Promise<CredentialTestResult> => {
    const definition = vault.definition(type);
    const signal = AbortSignal.timeout(PATIENCE);
    try {
      const { message } = await definition.test(await values(), {
        http: ports.http({ signal }),
        egress: ports.egress,
        files: ports.files,
        signal,
      });
      return { ok: true, message };
    } catch (error) {
      if (error instanceof Fault) throw error;
      const { message, remedy } = signal.aborted ? tooSlow : reportOf(error);
      return { ok: false, message, remedy };
    }
  };

  bind(routes.listCredentialTypes, () => ({ credentialTypes: catalogue.credentialTypes.map(describeCredential) }));

  bind(routes.listCredentials, async () => {
    const used = await usage();
    return { credentials: vault.list().map((stored) => summaryOf(stored, used.get(stored.id) ?? [])) };
  });

  bind(routes.createCredential, ({ body }) => view(vault.create(body)));

  bind(routes.testCredentialValues, ({ body }) =>
    tried(body.type, () => vault.trial(body.type, body.mode, body.values, body.id)),
  );

  bind(routes.getCredential, ({ params }) => view(vault.get(params.id)));

  bind(routes.changeCredential, ({ params, body }) => view(vault.change(params.id, body)));

  bind(routes.deleteCredential, async ({ params }) => {
    const { name } = vault.get(params.id);
    const used = (await usage()).get(params.id) ?? [];
    if (used.length > 0) throw inUse(name, used);
    vault.delete(params.id);
  });

  bind(routes.testCredential, async ({ params }) => {
    const { type } = vault.get(params.id);
    const result = await tried(type, async () => (await vault.resolve(params.id)).values);
    vault.noteTest(params.id, result);
    return result;
  });
}

type Usage = ReadonlyMap<string, readonly { id: string; name: string }[]>;

/** Workflows by the credential that their draft connects with. */
async function usageOf({ workspace }: Services): Promise<Usage> {
  const usage = new Map<string, { id: string; name: string }[]>();
  for (const { document } of await workspace.list()) {
    for (const credential of new Set(document.nodes.flatMap((node) => node.credential ?? []))) {
      usage.set(credential, [...(usage.get(credential) ?? []), { id: document.id, name: document.name }]);
    }
  }
  return usage;
}

function summaryOf(stored: StoredCredential, usedBy: readonly { id: string; name: string }[]): CredentialSummary {
  const { values: _values, filled: _filled, limits: _limits, ...told } = stored;
  return { ...told, usedBy: [...usedBy] };
}

const tooSlow = {
  message: 'The service did not answer within 20 seconds.',
  remedy: 'Check the address, and whether this machine may reach it.',
};

function inUse(name: string, used: readonly { name: string }[]): Fault {
  return new Fault({
    kind: 'conflict',
    code: 'credential-in-use',
    message: `"${name}" is used by ${used.map((workflow) => `"${workflow.name}"`).join(', ')}.`,
    remedy: 'Choose another credential there first.',
  });
}
