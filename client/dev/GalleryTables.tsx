import { Box } from '@mantine/core';
import { useState } from 'react';
import { DataTable } from '../ui/DataTable.tsx';
import { GallerySection } from './GallerySection.tsx';

const recordAt = (position: number) => ({
  id: position + 1,
  account: ['Northwind Traders', 'Contoso Ltd', 'Fabrikam, Inc.'][position % 3],
  email: position % 7 === 3 ? null : `person.${position}@example.com`,
  amount: Math.round(position * 137.31) / 100,
  active: position % 2 === 0,
  tags: position % 5 === 0 ? [] : ['renewal', 'emea'],
  address: { city: 'Leeds', zip: `LS${position % 20}` },
  note: position % 4 === 0 ? '' : 'Spoke on Tuesday\nand again later',
});

export function GalleryTables() {
  const [selected, setSelected] = useState(2);
  return (
    <GallerySection title="Tables">
      <Box h={260}>
        <DataTable
          label="A million records"
          total={1_000_000}
          recordAt={recordAt}
          selected={selected}
          onSelect={setSelected}
        />
      </Box>
      <Box h={140}>
        <DataTable
          label="Records on their way"
          total={5}
          recordAt={() => undefined}
          columns={['id', 'account', 'email']}
        />
      </Box>
      <Box h={80}>
        <DataTable label="No records" total={0} recordAt={() => undefined} />
      </Box>
    </GallerySection>
  );
}
