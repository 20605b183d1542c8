import { Badge, Tooltip } from '@mantine/core';
import type { WorkflowSummary } from '../../spec/api/workflow.ts';
import { formatDateTime } from '../ui/format.ts';

/** Whether the workflow is live, and whether its draft has gone on since. */
export function PublicationBadge({ workflow: { published, changed } }: { workflow: WorkflowSummary }) {
  if (!published) {
    return (
      <Tooltip label="Never published: its schedules and webhooks start nothing yet">
        <Badge variant="outline" color="gray" tt="none">
          Draft
        </Badge>
      </Tooltip>
    );
  }
  const live = `Published ${formatDateTime(published.at)} by ${published.by}`;
  return (
    <Tooltip label={changed ? `${live}. The draft has changes that are not live` : live}>
      <Badge variant="light" color={changed ? 'yellow' : 'water'} tt="none" c="var(--mantine-color-text)">
        {changed ? 'Published, draft changed' : 'Published'}
      </Badge>
    </Tooltip>
  );
}
