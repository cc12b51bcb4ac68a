import { useEffect, useRef, useState } from 'react';
import { useSettings } from '../state/settings.ts';
import { DeviceChip } from './DeviceChip.tsx';
import { HelpDialog } from './HelpDialog.tsx';
import { type RoutePath, routes } from './routes.ts';
import { Button } from './ui/Button.tsx';
import { Icon } from './ui/Icon.tsx';
import { MenuButton } from './ui/MenuButton.tsx';
import './topbar.css';

const themes = [
  { value: 'system', label: 'System', icon: 'auto' },
  { value: 'light', label: 'Light', icon: 'sun' },
  { value: 'dark', label: 'Dark', icon: 'moon' },
] as const;

function ThemeMenu() {
  const theme = useSettings((s) => s.theme);
  const setTheme = useSettings((s) => s.setTheme);
  const icon = themes.find((t) => t.value === theme)?.icon ?? 'auto';
  return (
    <MenuButton
      label="Theme"
      className="button button-quiet button-small topbar-icon"
      trigger={<Icon name={icon} />}
      items={themes.map((t) => ({
        label: t.label,
        checked: t.value === theme,
        onSelect: () => setTheme(t.value),
      }))}
    />
  );
}

/** Name, screens, where the models run, theme, help. */
export function TopBar({ route }: { readonly route: RoutePath }) {
  const [help, setHelp] = useState(false);
  const tabs = useRef<HTMLElement>(null);
  // Where the tabs scroll, the screen that is shown is among those in sight.
  useEffect(() => {
    const current = tabs.current?.querySelector<HTMLElement>(`[href="#${route}"]`);
    if (tabs.current && current) tabs.current.scrollLeft = current.offsetLeft - tabs.current.offsetLeft - 40;
  }, [route]);
  return (
    <header className="topbar">
      <h1 className="topbar-name">
        <a href="#/">Rankscope</a>
      </h1>
      <nav ref={tabs} className="topbar-tabs" aria-label="Screens">
        {routes
          .filter(({ tab }) => tab)
          .map(({ path, title }) => (
            <a
              key={path}
              href={`#${path}`}
              className="topbar-tab"
              aria-current={path === route ? 'page' : undefined}
            >
              {title}
            </a>
          ))}
      </nav>
      <div className="topbar-end">
        <DeviceChip />
        <ThemeMenu />
        <Button
          kind="quiet"
          small
          className="topbar-icon topbar-help"
          aria-label="Help"
          keys="?"
          onClick={() => setHelp(true)}
          id="help-button"
        >
          ?
        </Button>
      </div>
      {help && <HelpDialog onClose={() => setHelp(false)} />}
    </header>
  );
}
