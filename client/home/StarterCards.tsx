import { Button, Group, SimpleGrid, Skeleton, Text, Title } from '@mantine/core';
import { useLocalStorage } from '@mantine/hooks';
import { IconArrowRight, IconChevronDown, IconChevronUp } from '@tabler/icons-react';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useNavigate } from 'react-router';
import { routes } from '../../spec/api/routes.ts';
import type { Starter } from '../../spec/api/starter.ts';
import { call } from '../api/call.ts';
import { nodeTypesQuery } from '../api/queries.ts';
import { ConnectorIcon } from '../ui/ConnectorIcon.tsx';
import { ProblemNotice } from '../ui/ProblemNotice.tsx';
import { tellFailure } from '../ui/tell-failure.ts';
import { startersQuery } from './queries.ts';
import classes from './StarterCards.module.css';

/** The ready workflows. One click makes one of them and opens it on the canvas. */
export function StarterCards() {
  const [shown, setShown] = useLocalStorage({ key: 'sluice.starters', defaultValue: true });
  const starters = useQuery(startersQuery);
  const navigate = useNavigate();
  const use = useMutation({
    mutationFn: (id: string) => call(routes.useStarter, { id }),
    onSuccess: ({ id }) => navigate(`/workflows/${id}`),
    onError: tellFailure('The workflow could not be made'),
  });
  if (starters.data?.length === 0) return null;
  return (
    <section aria-labelledby="starters">
      <Group justify="space-between" mb="xs" gap="xs">
        <div>
          <Title order={2} size="h4" id="starters">
            Start with a ready workflow
          </Title>
          <Text size="sm" c="dimmed">
            They run at once, on the built-in practice services. No account is needed.
          </Text>
        </div>
        <Button
          variant="subtle"
          color="gray"
          size="compact-sm"
          aria-expanded={shown}
          rightSection={shown ? <IconChevronUp size={15} aria-hidden /> : <IconChevronDown size={15} aria-hidden />}
          onClick={() => setShown(!shown)}
        >
          {shown ? 'Hide' : 'Show'}
        </Button>
      </Group>
      {shown && starters.error && (
        <ProblemNotice
          title="The ready workflows could not be loaded"
          error={starters.error}
          onRetry={() => void starters.refetch()}
        />
      )}
      {shown && !starters.error && (
        <SimpleGrid cols={{ base: 1, sm: 2, lg: 3 }} spacing="md">
          {starters.data?.map((starter) => (
            <StarterCard
              key={starter.id}
              starter={starter}
              busy={use.isPending && use.variables === starter.id}
              onUse={() => use.mutate(starter.id)}
            />
          )) ?? [1, 2, 3].map((place) => <Skeleton key={place} height={150} radius="md" />)}
        </SimpleGrid>
      )}
    </section>
  );
}

function StarterCard({ starter, busy, onUse }: { starter: Starter; busy: boolean; onUse: () => void }) {
  const types = useQuery(nodeTypesQuery).data;
  const connectors = new Set(
    starter.document.nodes.flatMap((node) => {
      const type = types?.get(node.type);
      return type?.category === 'connector' ? [type.connector] : [];
    }),
  );
  return (
    <button type="button" className={classes.card} onClick={onUse} aria-busy={busy} disabled={busy}>
      <span className={classes.icons}>
        {[...connectors].map((connector) => (
          <span key={connector} className={classes.icon}>
            <ConnectorIcon connector={connector} />
          </span>
        ))}
      </span>
      <Text fw={600} component="span" className={classes.name}>
        {starter.name}
      </Text>
      <Text size="sm" c="dimmed" component="span">
        {starter.description}
      </Text>
      <span className={classes.open}>
        Open on the canvas
        <IconArrowRight size={16} aria-hidden />
      </span>
    </button>
  );
}
