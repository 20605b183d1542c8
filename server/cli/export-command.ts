import { printWorkflow } from '../../spec/workflow/print.ts';
import type { ServerSettings } from '../settings.ts';
import { openBackend } from './backend.ts';

/** The draft of a workflow as it would stand in its file. */
export async function exportText(settings: ServerSettings, id: string): Promise<string> {
  const backend = await openBackend(settings, { practice: false });
  try {
    return printWorkflow(await backend.exportWorkflow(id));
  } finally {
    await backend.close();
  }
}
