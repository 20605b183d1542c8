import { Container, Stack, Title } from '@mantine/core';
import { GalleryBasics } from './GalleryBasics.tsx';
import { GalleryCards } from './GalleryCards.tsx';
import { GalleryFields } from './GalleryFields.tsx';
import { GalleryTables } from './GalleryTables.tsx';

/** Every component in every state on one page: for the eye, and for the browser tests. Needs no server. */
export function GalleryPage() {
  return (
    <Container size="lg" py="xl" component="main">
      <Stack gap="xl">
        <Title order={1} size="h2">
          Gallery
        </Title>
        <GalleryBasics />
        <GalleryCards />
        <GalleryFields />
        <GalleryTables />
      </Stack>
    </Container>
  );
}
