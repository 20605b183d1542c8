import { notifications } from '@mantine/notifications';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import type { WorkflowSummary } from '../../spec/api/workflow.ts';
import { countOf } from '../ui/format.ts';
import { tellFailure } from '../ui/tell-failure.ts';
import { type Imported, importDocument, importFile } from './import-file.ts';
import { workflowListQuery } from './queries.ts';

export type Unsettled = Exclude<Imported, { kind: 'made' }>;

/** Imports files one after the other. What needs a word stays in `unsettled`; a file that went in alone is opened. */
export function useImport(workflows: readonly WorkflowSummary[]) {
  const client = useQueryClient();
  const navigate = useNavigate();
  const [busy, setBusy] = useState(false);
  const [unsettled, setUnsettled] = useState<readonly Unsettled[]>([]);

  const report = (results: readonly Imported[]) => {
    const made = results.filter((result) => result.kind === 'made');
    for (const note of made.flatMap(({ notes }) => notes)) notifications.show({ message: note });
    setUnsettled((before) => [...before, ...results.filter((result) => result.kind !== 'made')]);
    const [only] = made;
    if (only && results.length === 1) void navigate(`/workflows/${only.id}`);
    else if (made.length > 0) notifications.show({ message: `${countOf(made.length, 'workflow')} imported.` });
  };
  const during = async (work: () => Promise<readonly Imported[]>) => {
    setBusy(true);
    try {
      report(await work());
      await client.invalidateQueries({ queryKey: workflowListQuery.queryKey });
    } catch (error) {
      tellFailure('The file could not be imported')(error);
    } finally {
      setBusy(false);
    }
  };
  const forget = (done: Unsettled) => setUnsettled((before) => before.filter((entry) => entry !== done));

  return {
    busy,
    unsettled,
    forget,
    importFiles: (files: readonly File[]) =>
      during(async () => {
        const taken = new Set(workflows.map(({ id }) => id));
        const results: Imported[] = [];
        for (const file of files) {
          const result = await importFile(file, taken);
          if (result.kind === 'made') taken.add(result.id);
          results.push(result);
        }
        return results;
      }),
    settle: (entry: Unsettled & { kind: 'taken' }, replace: boolean) => {
      forget(entry);
      return during(async () => [await importDocument(entry.file, entry.document, replace)]);
    },
  };
}
