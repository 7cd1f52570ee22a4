using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Dapper;
using EnterprisePortal.Contracts.AccountApi;
using EnterprisePortal.OfficePortal.Accounts;
using EnterprisePortal.OfficePortal.SignIn;
using Microsoft.AspNetCore.Mvc;
using Microsoft.IdentityModel.JsonWebTokens;
using Npgsql;

namespace EnterprisePortal.OfficePortal.Reports;

/// <summary>
/// Generate for All Accounts: asks the portal for a run, as the person who entered from there, with the access token of their entry. The
/// token lives for minutes; after it has expired, the browser goes to the portal once more, unnoticed if the person is signed in there, and
/// returns with a new one.
/// </summary>
public sealed class GenerateEverywhere(IHttpClientFactory clients, Sessions sessions, Office office, TimeProvider clock)
{
    public const string Client = "runs", Scope = "runs:start";
    static readonly TimeSpan Margin = TimeSpan.FromSeconds(10), KeptFor = TimeSpan.FromMinutes(10);

    /// <param name="Page">The run's page among the portal's Generated Reports.</param>
    public sealed record Answer(string? Page, string? Problem);

    sealed record Run(Guid Id);

    /// <returns>null: there is no token for the call.</returns>
    public async Task<Answer?> Start(Account account, Session session, Report report, ReportParameters asked, CancellationToken cancel)
    {
        if (await sessions.AccessToken(account, session) is not { } token || !IsGood(token))
            return null;
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{account.Issuer}api/reports/runs")
        {
            Headers = { Authorization = new AuthenticationHeaderValue("Bearer", token) },
            Content = JsonContent.Create(new { report = report.Code, parameters = asked })
        };
        try
        {
            using var answer = await clients.CreateClient(Client).SendAsync(request, cancel);
            return answer.StatusCode switch
            {
                HttpStatusCode.Accepted =>
                    new($"{account.Issuer}generated-reports/{(await answer.Content.ReadFromJsonAsync<Run>(cancel))!.Id}", null),
                HttpStatusCode.Unauthorized => null,
                _ => new(null, await Words(answer, cancel))
            };
        }
        catch (Exception e) when (e is HttpRequestException or JsonException or TaskCanceledException && !cancel.IsCancellationRequested)
        {
            return new(null, "The Enterprise Portal did not answer. Look under Generated Reports there before you try again.");
        }
    }

    /// <summary>Stores the request, and returns the address that brings the browser back with a new token.</summary>
    public async Task<string> AskAgain(NpgsqlConnection connection, Account account, Session session, Report report, ReportParameters asked)
    {
        var (now, id) = (clock.GetUtcNow(), Guid.CreateVersion7());
        await connection.ExecuteAsync("""
            delete from run_request where expires_at < @now;
            insert into run_request (account, id, person_id, report, parameters, expires_at)
              values (@Code, @id, @Person, @Report, @asked::jsonb, @until)
            """, new
        {
            account.Code,
            id,
            Person = session.Person!.Id,
            Report = report.Code,
            asked = JsonSerializer.Serialize(asked, JsonSerializerOptions.Web),
            now,
            until = now + KeptFor
        });
        return $"/{account.Code}/enterprise/sign-in" + QueryString.Create(new Dictionary<string, string?>
        {
            ["iss"] = account.Issuer, ["target_link_uri"] = $"{office.BaseUrl(account)}/reports/{report.Code.ToLowerInvariant()}?run={id}"
        });
    }

    /// <summary>
    /// Deleted when the same person reads it: only their own form can have stored it, so opening the address starts nothing by itself.
    /// </summary>
    public async Task<ReportParameters?> Continue(NpgsqlConnection connection, Account account, Session session, Report report, Guid id) =>
        await connection.ExecuteScalarAsync<string?>("""
            delete from run_request where account = @Code and id = @id and person_id = @Person and report = @Report and expires_at > @now
              returning parameters
            """, new { account.Code, id, Person = session.Person?.Id, Report = report.Code, now = clock.GetUtcNow() }) is { } asked
            ? JsonSerializer.Deserialize<ReportParameters>(asked, JsonSerializerOptions.Web)
            : null;

    /// <summary>The issuer verifies it; here it is only worth sending while it has not expired and has the scope for reports.</summary>
    bool IsGood(string token) => new JsonWebTokenHandler().CanReadToken(token) && new JsonWebToken(token) is var read
        && read.ValidTo > (clock.GetUtcNow() + Margin).UtcDateTime && read.Audiences.Contains("reports");

    static async Task<string> Words(HttpResponseMessage answer, CancellationToken cancel)
    {
        try
        {
            if (await answer.Content.ReadFromJsonAsync<ProblemDetails>(cancel) is { Detail: { } words })
                return words;
        }
        catch (JsonException)
        {
        }
        return $"The Enterprise Portal refused to start the reports ({(int)answer.StatusCode}).";
    }
}
