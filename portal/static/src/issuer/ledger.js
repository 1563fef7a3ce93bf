// The RSA keys on the ledger, asked of the ledger itself: what an issuer says of its own keys is worth nothing.

// The one question that a ledger answers to pages of other hosts; portal/api has the same text.
export const question =
  "query($county:String,$quarter:String){issuerKeys(county:$county,quarter:$quarter,first:50){edges{node{id kind county quarter n spki revoked unit{name}}}pageInfo{hasNextPage}}}";

// listed are the keys of a county and quarter as token.js's Ring takes them; revoked ones and batches of cards are left out.
export async function listed(ledger, county, quarter) {
  const asked = new URLSearchParams({ query: question, variables: JSON.stringify({ county, quarter }) });
  const answer = await fetch(ledger + "/graphql?" + asked, {
    credentials: "omit",
    referrerPolicy: "no-referrer",
    redirect: "error",
    cache: "no-store",
    headers: { Accept: "application/json" },
  });
  return keysOf((await answer.json()).data);
}

export function keysOf(data) {
  if (data.issuerKeys.pageInfo.hasNextPage) return []; // of what was not read nobody knows whom it marks
  return data.issuerKeys.edges
    .map((edge) => edge.node)
    .filter((k) => k.kind === "RSA" && !k.revoked && k.spki)
    .map((k) => ({ id: k.id, county: k.county, name: k.unit ? k.unit.name : "", quarter: k.quarter, n: k.n, spki: Uint8Array.from(atob(k.spki), (c) => c.charCodeAt(0)) }));
}
