// The RSA keys on the ledger, asked of the ledger itself: what an issuer says of its own keys is worth nothing.

// The one question that the ledger answers to pages of other hosts (portal/api).
export const question = "{ issuerKeys { id kind county quarter n spki revoked } }";

// listed are the keys as token.js's Ring takes them; revoked ones and batches of cards are left out.
export async function listed(ledger) {
  const answer = await fetch(ledger + "/graphql?query=" + encodeURIComponent(question), {
    credentials: "omit",
    referrerPolicy: "no-referrer",
    redirect: "error",
    cache: "no-store",
    headers: { Accept: "application/json" },
  });
  const { data } = await answer.json();
  return keysOf(data);
}

export function keysOf(data) {
  return data.issuerKeys
    .filter((k) => k.kind === "RSA" && !k.revoked)
    .map((k) => ({ id: k.id, county: k.county, quarter: k.quarter, n: k.n, spki: Uint8Array.from(atob(k.spki), (c) => c.charCodeAt(0)) }));
}
