using System.Net.Http.Headers;
using System.Text.RegularExpressions;
using EnterprisePortal.Tests.Support;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Template;

namespace EnterprisePortal.Tests.Access;

/// <summary>Who may do what, endpoint by endpoint: <c>access.md</c> beside this file is the rule, and whoever adds an endpoint adds its
/// row.</summary>
public sealed partial class AccessTests(Servers servers)
{
    static readonly string[] NotForPeople = ["/health", "/alive", "/openapi/{documentName}.json"];

    [Theory]
    [InlineData("Accounts"), InlineData("Audit"), InlineData("Identity"), InlineData("Permissions"), InlineData("Reports"),
        InlineData("Search"), InlineData("Sync")]
    public async Task Every_endpoint_answers_each_person_as_the_table_says(string service)
    {
        var cancel = TestContext.Current.CancellationToken;
        await using var world = await AccessWorld.Of(service, servers);
        var rows = AccessTable.Read(service);

        var wrong = new List<string>();
        foreach (var row in rows.Rows)
            for (var column = 0; column < rows.Columns.Count; column++)
            {
                using var request = new HttpRequestMessage(row.Method, world.Named(row.Address));
                if (row.Body is { } body)
                    request.Content = new StringContent(world.Named(body), MediaTypeHeaderValue.Parse("application/json"));
                // A stream of events begins at once and never ends.
                using var answer = await world.As(rows.Columns[column])
                    .SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancel);
                if ((int)answer.StatusCode != row.Expected[column])
                    wrong.Add($"{rows.Columns[column]}: {row.Method} {row.Address} answers {(int)answer.StatusCode}, not "
                        + $"{row.Expected[column]}");
            }

        wrong.AddRange(world.Endpoints.Where(endpoint => !rows.Rows.Any(row => Answers(endpoint, row, world)))
            .Select(endpoint => $"There is no row for {endpoint.DisplayName}"));
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    static bool Answers(RouteEndpoint endpoint, AccessTable.Row row, AccessWorld world)
    {
        var pattern = endpoint.RoutePattern;
        var values = new RouteValueDictionary();
        return NotForPeople.Contains(pattern.RawText)
            || endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods.Contains(row.Method.Method) == true
            && new TemplateMatcher(TemplateParser.Parse(pattern.RawText!.TrimStart('/')), [])
            .TryMatch("/" + world.Named(row.Address).TrimStart('/').Split('?')[0], values)
            && pattern.ParameterPolicies.Where(parameter => parameter.Value.Any(policy => policy.Content == "guid"))
            .All(parameter => Guid.TryParse($"{values[parameter.Key]}", out _));
    }
}

/// <summary><c>access.md</c>: a table per service, a row per endpoint, a column per person.</summary>
sealed partial class AccessTable
{
    public required IReadOnlyList<string> Columns { get; init; }
    public required IReadOnlyList<Row> Rows { get; init; }

    public sealed record Row(HttpMethod Method, string Address, string? Body, int[] Expected);

    public static AccessTable Read(string service)
    {
        var lines = File.ReadLines(Path.Combine(AppContext.BaseDirectory, "access.md")).SkipWhile(line => line != $"## {service}").Skip(1)
            .TakeWhile(line => !line.StartsWith("## ", StringComparison.Ordinal))
            .Where(line => line.StartsWith('|')).Select(line => line.Trim('|').Split('|', StringSplitOptions.TrimEntries)).ToList();
        return new()
        {
            Columns = lines[0][1..],
            Rows = [.. lines.Skip(2).Select(cells => Asked().Match(cells[0]) is { Success: true } asked
                ? new Row(new(asked.Groups[1].Value), asked.Groups[2].Value, asked.Groups[3].Success ? asked.Groups[3].Value : null,
                    [.. cells[1..].Select(int.Parse)])
                : throw new FormatException(cells[0]))]
        };
    }

    // PATCH /api/groups/{east} `{ "name": "East" }`
    [GeneratedRegex(@"^(GET|POST|PUT|PATCH|DELETE) (\S+)(?: `(.*)`)?$")]
    private static partial Regex Asked();
}
