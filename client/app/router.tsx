import { createBrowserRouter } from 'react-router';
import { PageError } from './PageError.tsx';
import { PageLoading } from './PageLoading.tsx';
import { Shell } from './Shell.tsx';

/** Every page, each in a chunk of its own. Pages inside `Shell` need a session. */
export const router = createBrowserRouter([
  {
    ErrorBoundary: PageError,
    HydrateFallback: PageLoading,
    children: [
      {
        Component: Shell,
        children: [
          {
            path: 'workflows/:id',
            lazy: async () => ({ Component: (await import('../canvas/CanvasPage.tsx')).CanvasPage }),
          },
        ],
      },
      {
        path: 'dev/gallery',
        lazy: async () => ({ Component: (await import('../dev/GalleryPage.tsx')).GalleryPage }),
      },
    ],
  },
]);
