import { Anchor, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { API } from '../../spec/api/routes.ts';
import { send } from '../api/call.ts';
import { Section } from './Section.tsx';

export function AboutSection() {
  const version = useQuery({
    queryKey: ['version'],
    queryFn: async ({ signal }) => {
      const description = (await (await send('GET', `${API}/openapi.json`, { signal })).json()) as {
        info?: { version?: string };
      };
      return description.info?.version ?? 'unknown';
    },
    staleTime: Number.POSITIVE_INFINITY,
  });
  return (
    <Section title="About" lead="Sluice draws workflows, proves that they come to an end, and runs them.">
      <Stack gap={6}>
        <Text size="sm">Version {version.data ?? (version.error ? 'unknown' : '…')}</Text>
        <Text size="sm">
          <Anchor href={`${API}/openapi.json`} target="_blank">
            Description of the API (OpenAPI)
          </Anchor>
        </Text>
        <Text size="sm">Open source under the MIT licence.</Text>
      </Stack>
    </Section>
  );
}
