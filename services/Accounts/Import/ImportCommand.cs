using System.Globalization;
using EnterprisePortal.ServiceDefaults;
using EnterprisePortal.ServiceDefaults.Database;
using EnterprisePortal.ServiceDefaults.Directory;
using EnterprisePortal.ServiceDefaults.SignIn;
using Microsoft.EntityFrameworkCore;
using Polly;

namespace EnterprisePortal.Accounts.Import;

/// <summary>
/// <c>Accounts import &lt;file or folder&gt; [--until-synced]</c>, beside the running service, whose outbox relay sends the messages that
/// the import publishes.
/// </summary>
static class ImportCommand
{
    const string UntilSynced = "--until-synced";
    static readonly TimeSpan LongestForOne = TimeSpan.FromMinutes(1);

    /// <returns>The exit code.</returns>
    public static async Task<int> Run(WebApplicationBuilder builder, string[] args)
    {
        builder.AddServiceDefaults();
        builder.AddDatabase<AccountsDb>("accounts");
        builder.Services.AddSingleton<DirectoryReplica>();
        builder.Services.AddScoped<DirectoryChange>();
        builder.Services.AddScoped<ImportEnterprise>();
        builder.AddPairing();
        await using var app = builder.Build();
        string[] paths = args.Where(arg => arg != UntilSynced).ToArray() switch
        {
            [var path] when Directory.Exists(path) => [.. Directory.GetFiles(path, "*.json").Order(StringComparer.Ordinal)],
            [var path] when File.Exists(path) => [path],
            _ => []
        };
        if (paths.Length == 0)
        {
            await Console.Error.WriteLineAsync(
                $"Usage: import <enterprise.json or a folder of such files> [{UntilSynced}]. There is no such file.");
            return ImportEnterprise.BadInput;
        }
        using var stop = new CancellationTokenSource();
        Console.CancelKeyPress += (_, key) => { key.Cancel = true; stop.Cancel(); };
        await using var scope = app.Services.CreateAsyncScope();
        var import = scope.ServiceProvider.GetRequiredService<ImportEnterprise>();
        if (args.Contains(UntilSynced))
            await AwaitPortal(app.Services.GetRequiredService<IHttpClientFactory>(), app.Configuration.PortalUrl(), stop.Token);
        var worst = ImportEnterprise.Done;
        foreach (var file in paths)
            worst = Math.Max(worst, await import.Import(file, stop.Token));
        if (args.Contains(UntilSynced) && import.Imported is { Count: > 0 } imported)
            await AwaitFirstSync(imported, scope.ServiceProvider, stop.Token);
        return worst;
    }

    /// <summary>
    /// An account that is paired asks the portal who it is. In development the gateway may be one that a person starts, whenever they like.
    /// </summary>
    static async Task AwaitPortal(IHttpClientFactory clients, string portal, CancellationToken cancel)
    {
        for (var told = false; ; await Task.Delay(TimeSpan.FromSeconds(1), cancel))
            try
            {
                using var http = clients.CreateClient();
                using var answer = await http.GetAsync(new Uri(portal + ".well-known/openid-configuration"), cancel);
                if (answer.IsSuccessStatusCode)
                    return;
            }
            catch (Exception e) when (e is HttpRequestException or ExecutionRejectedException)
            {
                if (!told)
                    Console.WriteLine($"The import begins as soon as {portal} answers.");
                told = true;
            }
    }

    /// <summary>
    /// The first sync follows by itself; this tells the person at the terminal when families can be found. It does not wait for accounts
    /// that do not answer.
    /// </summary>
    static async Task AwaitFirstSync(List<string> imported, IServiceProvider services, CancellationToken cancel)
    {
        var (db, clock) = (services.GetRequiredService<AccountsDb>(), services.GetRequiredService<TimeProvider>());
        var (began, codes, missing) = (clock.GetTimestamp(), imported.ToArray(), imported.Count);
        for (var progress = began; missing > 0
            && clock.GetElapsedTime(progress) < LongestForOne; await Task.Delay(TimeSpan.FromMilliseconds(100), clock, cancel))
        {
            var left = await db.Database.SqlQuery<int>(
                $"select count(*)::int as \"Value\" from account where code = any({codes}) and last_sync is null").SingleAsync(cancel);
            (missing, progress) = (left, left < missing ? clock.GetTimestamp() : progress);
        }
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"First sync: {codes.Length - missing} accounts in {clock.GetElapsedTime(began).TotalSeconds:0.0} "
            + $"s.{(missing > 0 ? $" {missing} did not answer; the Sync page says why." : "")}"));
    }
}
