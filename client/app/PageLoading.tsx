import { Center, Loader } from '@mantine/core';

export function PageLoading() {
  return (
    <Center h="100dvh">
      <Loader aria-label="Loading" />
    </Center>
  );
}
