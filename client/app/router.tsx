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
          { index: true, lazy: async () => ({ Component: (await import('../home/HomePage.tsx')).HomePage }) },
          { path: 'runs', lazy: async () => ({ Component: (await import('../runs/RunsPage.tsx')).RunsPage }) },
          { path: 'runs/:id', lazy: async () => ({ Component: (await import('../runs/RunPage.tsx')).RunPage }) },
          {
            path: 'needs-you',
            lazy: async () => ({ Component: (await import('../needs-you/NeedsYouPage.tsx')).NeedsYouPage }),
          },
          {
            path: 'credentials',
            lazy: async () => ({ Component: (await import('../credentials/CredentialsPage.tsx')).CredentialsPage }),
          },
          {
            path: 'practice/:tab?',
            lazy: async () => ({ Component: (await import('../practice/PracticePage.tsx')).PracticePage }),
          },
          {
            path: 'settings/:section?',
            lazy: async () => ({ Component: (await import('../settings/SettingsPage.tsx')).SettingsPage }),
          },
          {
            path: 'workflows/:id/runs',
            lazy: async () => ({ Component: (await import('../runs/RunsPage.tsx')).RunsPage }),
          },
          {
            path: 'workflows/:id',
            lazy: async () => ({ Component: (await import('../canvas/CanvasPage.tsx')).CanvasPage }),
          },
        ],
      },
      {
        path: 'sign-in',
        lazy: async () => ({ Component: (await import('../session/SignInPage.tsx')).SignInPage }),
      },
      {
        path: 'dev/gallery',
        lazy: async () => ({ Component: (await import('../dev/GalleryPage.tsx')).GalleryPage }),
      },
    ],
  },
]);
