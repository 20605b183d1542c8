import type { Row } from '../database.ts';
import type { SObject } from './object-model.ts';
import { STAGES } from './objects.ts';

/**
 * Fields that Salesforce sets from others: full names, closed flags, probabilities, case numbers.
 * @param changed the fields that this write sets, so that a probability set by hand is kept
 */
export function derive(object: SObject, row: Row, seq: number, changed: Row = row): Row {
  switch (object.name) {
    case 'User':
    case 'Contact':
    case 'Lead':
      return {
        Name: [row.FirstName, row.LastName].filter((part) => part !== null && part !== undefined).join(' '),
        ...(object.name === 'Lead' ? { IsConverted: row.Status === 'Closed - Converted' ? 1 : 0 } : {}),
      };
    case 'Opportunity':
      return opportunity(row, changed);
    case 'Case':
      return { CaseNumber: String(1000 + seq).padStart(8, '0'), IsClosed: row.Status === 'Closed' ? 1 : 0 };
    case 'Task':
      return { IsClosed: row.Status === 'Completed' ? 1 : 0 };
    default:
      return {};
  }
}

function opportunity(row: Row, changed: Row): Row {
  const stage = String(row.StageName);
  const stageSet = changed.StageName !== undefined && changed.StageName !== null;
  const probabilitySet = changed.Probability !== undefined && changed.Probability !== null;
  return {
    IsClosed: stage.startsWith('Closed') ? 1 : 0,
    IsWon: stage === 'Closed Won' ? 1 : 0,
    ...(stageSet && !probabilitySet ? { Probability: STAGES[stage] ?? 0 } : {}),
  };
}
