using EnterprisePortal.OfficePortal.Accounts;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Identity;
using Npgsql;

namespace EnterprisePortal.OfficePortal.Demo;

/// <summary>
/// <c>OfficePortal new-account bluedolphin-dallas</c>: creates one more account of the demo world in the running Office Portal, with
/// families and staff, but not paired: to try out how an enterprise connects an account. Development only.
/// </summary>
public static class CreateAccount
{
    const int Families = 40;
    const string Usage =
        "Usage: new-account <enterprise-city>, for example bluedolphin-dallas or tumbletime-chicago. In the Office Portal that runs at "
        + "Office__Url (http://localhost:8090).";

    public static async Task<int> Run(IConfiguration configuration, string[] args)
    {
        var office = (configuration["Office:Url"] ?? "http://localhost:8090").TrimEnd('/');
        if (args is not [var code] || DemoAccount.Of(code) is null)
            return await Failed(Usage);
        try
        {
            using var http = new HttpClient();
            using var answer = await http.PostAsync(new Uri($"{office}/_accounts/{code}"), null);
            if (answer.StatusCode == System.Net.HttpStatusCode.Conflict)
                return await Failed($"{code} already exists.");
            answer.EnsureSuccessStatusCode();
        }
        catch (HttpRequestException e)
        {
            return await Failed($"The Office Portal at {office} does not answer ({e.Message}). Start ./run.sh first.");
        }
        Console.WriteLine($"""
            {office}/{code} is there. Its owner signs in at {office}/{code}/sign-in as owner@{code}.example ({DemoOffice.Password})
            and issues a pairing code under Settings, Enterprise Portal. An Admin registers the account with it in the portal: Accounts,
              Register an account.
            """);
        return 0;
    }

    static async Task<int> Failed(string words)
    {
        await Console.Error.WriteLineAsync(words);
        return 1;
    }

    public static void Map(WebApplication app)
    {
        if (app.Environment.IsDevelopment())
            app.MapPost("/_accounts/{code}", Handle).WithName(nameof(CreateAccount)).AllowAnonymous().ExcludeFromDescription();
    }

    static async Task<Results<Created, NotFound, Conflict>> Handle(
        string code, NpgsqlDataSource db, AccountDirectory accounts, TimeProvider clock, CancellationToken cancel)
    {
        if (DemoAccount.Of(code) is not { } account)
            return TypedResults.NotFound();
        if (await accounts.Find(code, cancel) is not null)
            return TypedResults.Conflict();
        var password = new PasswordHasher<object>().HashPassword(new(), DemoOffice.Password);
        await MakeAccount.Rows(account, [account], Families, clock.GetUtcNow(), password).Save(db, cancel);
        return TypedResults.Created($"/{code}");
    }
}
