// Whether the screen is guarded now: collects what the parts of the view say. Guarded is what it is until one has spoken.
import { SvelteMap } from "svelte/reactivity";
import { showsOnScreen } from "../../host/host";
import { t } from "../../shared/i18n/i18n.svelte";
import { app, type Place } from "../app.svelte";
import { toast } from "../toast.svelte";
import { type Claim, isGuarded, Teller } from "./guard";

const claims = new SvelteMap<symbol, Claim>();
const teller = new Teller(
  (guarded) => showsOnScreen(guarded ? "nonpublic" : "only-public"),
  () => toast.show(t("app.unguarded")),
);

/** Called while a part of a view is made: for as long as it is shown, it says whether all it shows is public. */
export function claimScreen(view: Place["view"], isPublic: () => boolean): void {
  const key = Symbol(view);
  $effect.pre(() => {
    claims.set(key, { view, isPublic: isPublic() });
  });
  $effect.pre(() => () => void claims.delete(key));
}

/** Called once, by the whole page: keeps the shell told, before the change is drawn. */
export function guardScreen(): void {
  $effect.pre(() => void teller.tell(isGuarded(app.status?.vault === "open", app.place.view, [...claims.values()])));
}
