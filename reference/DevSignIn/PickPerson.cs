using System.Text.Encodings.Web;
using Microsoft.AspNetCore.WebUtilities;

namespace EnterprisePortal.DevSignIn;

/// <summary>The page: each person is a link to the same request with their <c>login_hint</c>; the form does the same for anybody else.</summary>
public static class PickPerson
{
    public static string Page(Provider provider, People people, HttpRequest request)
    {
        var fields = request.Query.Where(field => field.Key != "login_hint").ToDictionary(field => field.Key, field => (string?)field.Value.ToString());
        return $$"""
            <!doctype html>
            <html lang="en">
            <head>
              <meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
              <title>{{provider.Title}} stand-in: choose a person</title>
              <style>
                :root { color-scheme: light dark; --ink: light-dark(#1c2330, #e9edf5); --quiet: light-dark(#566074, #a9b3c6); --card: light-dark(#fff, #1b2130);
                        --ground: light-dark(#eef1f6, #10141d); --line: light-dark(#d7dce6, #333c50); --accent: light-dark(#1a56c4, #8cb4ff) }
                * { box-sizing: border-box }
                body { margin: 0; min-height: 100dvh; display: grid; grid-template-columns: minmax(0, 27rem); place-content: center; padding: 1rem; background: var(--ground); color: var(--ink); font: 1rem/1.5 system-ui, sans-serif }
                main { background: var(--card); border: 1px solid var(--line); border-radius: 1rem; padding: 2rem }
                h1 { font-size: 1.35rem; margin: 0 0 .25rem } p { color: var(--quiet); margin: 0 0 1.25rem }
                ul { list-style: none; margin: 0 0 1.25rem; padding: 0 }
                li a { display: grid; padding: .65rem .85rem; border: 1px solid var(--line); border-radius: .6rem; margin-bottom: .5rem; color: inherit; text-decoration: none; overflow-wrap: anywhere }
                li a:hover { border-color: var(--accent) } li span { color: var(--quiet); font-size: .9rem }
                :focus-visible { outline: 3px solid var(--accent); outline-offset: 2px }
                label { display: block; margin-bottom: .35rem } form div { display: flex; gap: .5rem }
                input { flex: 1; min-width: 0; font: inherit; color: inherit; background: transparent; border: 1px solid var(--quiet); border-radius: .6rem; padding: .5rem .75rem }
                button { font: inherit; border: 0; border-radius: .6rem; padding: .5rem 1rem; background: var(--accent); color: light-dark(#fff, #10141d); cursor: pointer }
              </style>
            </head>
            <body>
              <main>
                <h1>Choose a {{provider.Title}} person</h1>
                <p>A development stand-in for {{provider.Title}}. No password: who can open this page is who they say.</p>
                <ul>
                  {{string.Concat(people.At(provider.Name).Select(person => $"""<li><a href="{Html($"{request.Path}{QueryHelpers.AddQueryString("", With(fields, person.Email))}")}"><strong>{Html(person.Name)}</strong><span>{Html(person.Email)}{(person.Disabled ? " (disabled)" : "")}</span></a></li>"""))}}
                </ul>
                <form method="get">
                  {{string.Concat(fields.Select(field => $"""<input type="hidden" name="{Html(field.Key)}" value="{Html(field.Value)}">"""))}}
                  <label for="email">Somebody else</label>
                  <div><input id="email" name="login_hint" type="email" required placeholder="name@example.org" autocomplete="off"><button>Sign in</button></div>
                </form>
              </main>
            </body>
            </html>
            """;
    }

    static Dictionary<string, string?> With(Dictionary<string, string?> fields, string email) => new(fields) { ["login_hint"] = email };

    static string Html(string? text) => HtmlEncoder.Default.Encode(text ?? "");
}
