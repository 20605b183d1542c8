import { useQuery } from '@tanstack/react-query';
import type { ComponentType } from 'react';
import { Navigate, NavLink, useParams } from 'react-router';
import type { Action } from '../../spec/api/permission.ts';
import { sessionQuery } from '../api/queries.ts';
import { useMay } from '../session/use-may.ts';
import { Page } from '../ui/Page.tsx';
import { AboutSection } from './AboutSection.tsx';
import { AuditSection } from './AuditSection.tsx';
import { GeneralSection } from './GeneralSection.tsx';
import { RetentionSection } from './RetentionSection.tsx';
import classes from './Settings.module.css';
import { TokensSection } from './TokensSection.tsx';
import { UsersSection } from './UsersSection.tsx';
import { VariablesSection } from './VariablesSection.tsx';

const sections: readonly { path: string; label: string; needs: Action; content: ComponentType }[] = [
  { path: 'variables', label: 'Variables', needs: 'workflow.read', content: VariablesSection },
  { path: 'general', label: 'Time zone', needs: 'workflow.read', content: GeneralSection },
  { path: 'runs', label: 'Keeping runs', needs: 'workflow.read', content: RetentionSection },
  { path: 'users', label: 'Users', needs: 'user.manage', content: UsersSection },
  { path: 'tokens', label: 'API tokens', needs: 'token.own', content: TokensSection },
  { path: 'audit', label: 'Audit log', needs: 'audit.read', content: AuditSection },
  { path: 'about', label: 'About', needs: 'workflow.read', content: AboutSection },
];

/** Only the sections that the person's role allows. */
export function SettingsPage() {
  const { section } = useParams();
  const may = useMay();
  const known = useQuery(sessionQuery).data?.user;
  const allowed = sections.filter(({ needs }) => may(needs));
  const chosen = allowed.find(({ path }) => path === section);
  if (!chosen) return known ? <Navigate to={`/settings/${allowed[0]?.path ?? ''}`} replace /> : null;
  const Content = chosen.content;
  return (
    <Page title="Settings">
      <div className={classes.columns}>
        <nav className={classes.nav} aria-label="Settings">
          {allowed.map(({ path, label }) => (
            <NavLink key={path} to={`/settings/${path}`} replace className={classes.link ?? ''}>
              {label}
            </NavLink>
          ))}
        </nav>
        <section className={classes.content} aria-label={chosen.label}>
          <Content />
        </section>
      </div>
    </Page>
  );
}
