using System.Text.Encodings.Web;
using Microsoft.AspNetCore.WebUtilities;

namespace EnterprisePortal.DevSignIn;

/// <summary>The page: each person is a link to the same request with their <c>login_hint</c>; the form does the same for anybody
/// else.</summary>
public static class PickPerson
{
    static readonly string Style = Read("tokens.css") + Read("pick-person.css");

    public static string Page(Provider provider, People people, HttpRequest request)
    {
        var fields = request.Query.Where(field => field.Key != "login_hint")
            .ToDictionary(field => field.Key, field => (string?)field.Value.ToString());
        var address = (DemoPerson person) => $"{request.Path}{QueryHelpers.AddQueryString("", With(fields, person.Email))}";
        return $$"""
            <!doctype html>
            <html lang="en">
            <head>
              <meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
              <title>{{provider.Title}} stand-in: choose a person</title>
              <style>{{Style}}</style>
            </head>
            <body>
              <main>
                <h1>Choose a {{provider.Title}} person</h1>
                <p>A development stand-in for {{provider.Title}}. No password: who can open this page is who they say.</p>
                <ul>{{string.Concat(people.At(provider.Name).Select(person => Link(person, address(person))))}}</ul>
                <form method="get">
                  {{string.Concat(fields.Select(field => Hidden(field.Key, field.Value)))}}
                  <label for="email">Somebody else</label>
                  <div>
                    <input id="email" name="login_hint" type="email" required placeholder="name@example.org" autocomplete="off">
                    <button>Sign in</button>
                  </div>
                </form>
              </main>
            </body>
            </html>
            """;
    }

    static string Link(DemoPerson person, string address) => $"""
        <li><a href="{Html(address)}">
          <strong>{Html(person.Name)}</strong><span>{Html(person.Email)}{(person.Disabled ? " (disabled)" : "")}</span>
        </a></li>
        """;

    static string Hidden(string name, string? value) => $"""<input type="hidden" name="{Html(name)}" value="{Html(value)}">""";

    static Dictionary<string, string?> With(Dictionary<string, string?> fields, string email) => new(fields) { ["login_hint"] = email };

    static string Html(string? text) => HtmlEncoder.Default.Encode(text ?? "");

    static string Read(string resource)
    {
        using var stream = typeof(PickPerson).Assembly.GetManifestResourceStream(resource)!;
        return new StreamReader(stream).ReadToEnd();
    }
}
