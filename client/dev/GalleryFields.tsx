import { useQueryClient } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useStore } from 'zustand';
import { samplesQuery } from '../api/queries.ts';
import { CanvasProvider, type CanvasStores } from '../canvas/CanvasContext.tsx';
import { PanelDataProvider } from '../panels/data/PanelData.tsx';
import { SettingsTab } from '../panels/SettingsTab.tsx';
import { GallerySection } from './GallerySection.tsx';
import { galleryStores } from './gallery-stores.ts';

const sample = [
  { name: 'Ada Lovelace', email: 'ada@example.com', amount: 1234.5, city: 'London', note: '', active: true },
  { name: 'Grace Hopper', email: 'grace@example.com', amount: 99, city: 'New York', note: null, active: false },
];

/** A form with a field of every kind, filled in, with previews for a sample row. */
export function GalleryFields() {
  const client = useQueryClient();
  const stores = useMemo(() => {
    client.setQueryDefaults(samplesQuery('gallery').queryKey, { staleTime: Number.POSITIVE_INFINITY });
    client.setQueryData(samplesQuery('gallery').queryKey, { start: sample });
    client.setQueryData(['vars'], { region: 'EMEA' });
    return galleryStores();
  }, [client]);
  return (
    <GallerySection title="Fields">
      <CanvasProvider value={stores}>
        <Form stores={stores} />
      </CanvasProvider>
    </GallerySection>
  );
}

function Form({ stores }: { stores: CanvasStores }) {
  const node = useStore(stores.documents, (state) => state.document.nodes.find(({ id }) => id === 'form'));
  if (!node) return null;
  return (
    <PanelDataProvider node={node}>
      <SettingsTab node={node} type={stores.types.get(node.type)} />
    </PanelDataProvider>
  );
}
