using System.Diagnostics;
using System.Text.Json.Nodes;
using EnterprisePortal.Tests.Production.Support;
using Npgsql;

[assembly: AssemblyFixture(typeof(Rehearsal))]

namespace EnterprisePortal.Tests.Production.Support;

/// <summary>
/// The portal as a company runs it: two machines with a replica of everything, PostgreSQL, RabbitMQ, a proxy that ends TLS, an account
/// system, Google and Microsoft, and a mail server, each on a machine of its own; everything in Production.
/// </summary>
public sealed class Rehearsal : IAsyncLifetime
{
    /// <summary>Left out of the import, for a person to pair.</summary>
    public const string Unpaired = "tumbletime-omaha";
    const string Tenant = "7c1d5f0e-5b1a-4c7e-9a55-0d5a5e3b1c01";
    static readonly TimeSpan ToStart = TimeSpan.FromMinutes(2);
    readonly string folder = Directory.CreateTempSubdirectory("enterprise-portal-rehearsal-").FullName;
    readonly Authority authority;
    Network network = null!;
    Machine proxy = null!, office = null!, outside = null!;
    Deployment deployment = null!;

    public Rehearsal() => authority = new(folder);

    /// <summary>Why nothing of this can run here; null if it can.</summary>
    public string? Missing { get; private set; }

    /// <summary>One-time, of <see cref="Unpaired"/>.</summary>
    public string PairingCode { get; private set; } = "";

    internal Machine A { get; private set; } = null!;
    internal Machine B { get; private set; } = null!;
    internal Machine Postgres { get; private set; } = null!;
    internal Machine Messaging { get; private set; } = null!;

    /// <summary>Skips the test, with the reason, where no network can be made.</summary>
    public void Needed() => Assert.SkipWhen(Missing is not null, $"The rehearsal cannot run here: {Missing}.");

    internal Person Person() => new(network, authority);

    internal async Task<Person> SignedIn(string email, string provider = "google")
    {
        var person = Person();
        using var end = await person.Follow($"/sign-in?provider={provider}&login_hint={email}&returnUrl=/accounts");
        Assert.True(end.RequestMessage!.RequestUri!.AbsolutePath == "/accounts", $"The sign-in ends at {end.RequestMessage.RequestUri}");
        return person;
    }

    public IEnumerable<string> Mails() => Directory.EnumerateFiles(Path.Combine(folder, "mails"), "*.eml").Select(File.ReadAllText);

    /// <summary>What one replica says about itself, asked as a probe does.</summary>
    internal async Task<string> Health(Machine host, string service)
    {
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(5) };
        using var ask = new HttpRequestMessage(HttpMethod.Get, $"http://{host.Address}:{Port(service)}/health");
        if (service == "gateway")
            ask.Headers.Host = Deployment.Portal;
        try
        {
            using var answer = await http.SendAsync(ask);
            return await answer.Content.ReadAsStringAsync();
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException)
        {
            return e.Message;
        }
    }

    internal async Task AllHealthy(params Machine[] hosts)
    {
        foreach (var host in hosts)
            foreach (var service in Deployment.Services)
                await Wait.Eventually(async () => (await Health(host, service)).StartsWith("Healthy", StringComparison.Ordinal),
                    $"{service} on {host.Name} is not healthy; its log is {host.Log(service)}.", ToStart);
        await Wait.Eventually(() => hosts.All(host => Up(host)), "The proxy does not see a gateway.", ToStart);
    }

    /// <summary>The proxy's own view of a gateway.</summary>
    internal bool Up(Machine host) => proxySays().Split('\n').Any(line => line.Contains($"portal,{host.Name},", StringComparison.Ordinal)
        && line.Contains(",UP,", StringComparison.Ordinal));

    string proxySays()
    {
        using var http = new HttpClient();
        return http.GetStringAsync(new Uri($"http://{proxy.Address}:8404/stats;csv")).GetAwaiter().GetResult();
    }

    int Port(string service) => int.Parse(deployment.EnvironmentOf(service)["HTTP_PORTS"], null);

    public async ValueTask InitializeAsync()
    {
        if ((Missing = Network.Missing() ?? MissingProviders()) is not null)
            return;
        var began = Stopwatch.StartNew();
        network = new(folder);
        (proxy, A, B) = (network.Add("proxy", 10), network.Add("a", 11), network.Add("b", 12));
        (Postgres, Messaging) = (network.Add("postgres", 20), network.Add("rabbitmq", 21));
        (office, outside) = (network.Add("office", 30), network.Add("outside", 40));
        foreach (var host in new[] { Deployment.Portal, Deployment.Office, Deployment.Google, Deployment.Microsoft })
            network.Name(host, proxy);
        network.Name(Deployment.Mail, outside);
        network.Name(Deployment.Postgres, Postgres);
        network.Name(Deployment.Messaging, Messaging);
        Dictionary<string, string> company = new()
        {
            ["Portal__Url"] = $"https://{Deployment.Portal}/", ["ForwardedHeaders__KnownProxies"] = proxy.Address,
            ["SignIn__Google__Authority"] = $"https://{Deployment.Google}", ["SignIn__Google__ClientId"] = Deployment.ClientId,
            ["SignIn__Microsoft__Authority"] = $"https://{Deployment.Microsoft}/organizations/v2.0",
            ["SignIn__Microsoft__ClientId"] = Deployment.ClientId, ["Mail__Host"] = Deployment.Mail, ["Mail__Port"] = "587",
            ["Mail__User"] = Deployment.MailUser, ["Mail__From"] = $"Enterprise Portal <portal@{Deployment.Portal}>"
        };
        deployment = new(folder, authority, company) { Hosts = [A.Address, B.Address] };
        foreach (var provider in new[] { "Google", "Microsoft" })
            company[$"SignIn__{provider}__ClientSecret"] = deployment.Secret("provider");
        company["Mail__Password"] = deployment.Secret("mail");

        await Task.WhenAll(StartPostgres(), StartOutside());
        StartProxy();
        var demo = await StartOffice();
        foreach (var host in new[] { A, B })
            foreach (var service in Deployment.Services)
                host.Start(deployment.Service(service));
        // What is published before a service has made its queues never reaches it: docs/deployment.md, A new portal.
        foreach (var service in Deployment.Services)
            await Wait.Eventually(() => new[] { A, B }.Any(host => HasStartedItsBus(host, service)),
                $"{service} receives nothing.", ToStart);
        // On a new portal no service is healthy before the first enterprise is there. An account that was too slow is no reason to give up:
        // the import says itself that it is to be run again.
        if (await A.Run(deployment.Service("accounts", "import", demo, "--until-synced")) is var first && first != 0)
            Assert.Equal(0, await A.Run(deployment.Service("accounts", "import", demo, "--until-synced")));
        await AllHealthy(A, B);
        TestContext.Current.SendDiagnosticMessage(
            "The rehearsal's portal is up after {0:0} s; logs: {1}", began.Elapsed.TotalSeconds, folder);
    }

    static bool HasStartedItsBus(Machine host, string service) => File.Exists(host.Log(service))
        && File.ReadAllText(host.Log(service)).Contains("Bus started", StringComparison.Ordinal);

    async Task StartPostgres()
    {
        var stores = Path.Combine(Deployment.Repository, "AppHost", "Stores");
        var (postgres, rabbit) = (Directory.CreateDirectory(Path.Combine(folder, "postgres")).FullName, Path.Combine(folder, "rabbitmq"));
        Postgres.Start(new("postgres", stores, ["/bin/sh", Path.Combine(stores, "postgres"), postgres, "5432", "-c", "listen_addresses=*"],
            new Dictionary<string, string> { ["POSTGRES_PASSWORD"] = deployment.Secret("postgres") }));
        Messaging.Start(new("rabbitmq", stores, ["/bin/sh", Path.Combine(stores, "rabbitmq"), rabbit, "5672", "15672", "4369", "25672"],
            new Dictionary<string, string>
            {
                ["LISTEN"] = "0.0.0.0", ["RABBITMQ_DEFAULT_USER"] = "portal", ["RABBITMQ_DEFAULT_PASS"] = deployment.Secret("rabbitmq")
            }));
        var access = Path.Combine(postgres, "data", "pg_hba.conf");
        await Wait.Eventually(() => File.Exists(Path.Combine(postgres, "data", "postmaster.pid")), "PostgreSQL did not start.", ToStart);
        await File.AppendAllTextAsync(access, $"host all all {Network.Range} scram-sha-256\n");
        await Wait.Eventually(async () =>
        {
            Network.Shell($"kill -s HUP $(head -n 1 {postgres}/data/postmaster.pid)");
            try
            {
                await Sql("select 1");
                return true;
            }
            catch (NpgsqlException)
            {
                return false;
            }
        }, "PostgreSQL does not answer.", ToStart);
        // As docs/deployment.md says: a database for each service, owned by a role that may create roles. Not a superuser.
        await Sql($"create role {Deployment.DatabaseRole} login createrole password '{deployment.Secret("database")}'");
        foreach (var service in Deployment.Services.Append("officeportal"))
            await Sql($"create database {service} owner {Deployment.DatabaseRole}");
    }

    internal async Task Sql(string sql)
    {
        await using var connection = new NpgsqlConnection(
            $"Host={Postgres.Address};Username=portal;Password={deployment.Secret("postgres")};Database=postgres;Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    static string Providers => Path.Combine(AppContext.BaseDirectory, "providers");

    static string? MissingProviders()
    {
        if (Directory.Exists(Path.Combine(Providers, "node_modules")))
            return null;
        try
        {
            Network.Shell($"cd {Providers} && npm ci --no-audit --no-fund >/dev/null");
            return null;
        }
        catch (InvalidOperationException e)
        {
            return $"oidc-provider cannot be installed. {e.Message}";
        }
    }

    async Task StartOutside()
    {
        outside.Start(new("providers", Providers, ["node", "providers.js"], new Dictionary<string, string>
        {
            ["GOOGLE"] = $"https://{Deployment.Google}", ["MICROSOFT"] = $"https://{Deployment.Microsoft}", ["TENANT"] = Tenant,
            ["CLIENT_ID"] = Deployment.ClientId, ["CLIENT_SECRET"] = deployment.Secret("provider"),
            ["PORTAL"] = $"https://{Deployment.Portal}/"
        }));
        outside.Start(new("mail", Providers, ["/usr/bin/python3", "mail.py"], new Dictionary<string, string>
        {
            ["MAILS"] = Directory.CreateDirectory(Path.Combine(folder, "mails")).FullName, ["MAIL_USER"] = Deployment.MailUser,
            ["MAIL_PASSWORD"] = deployment.Secret("mail"), ["CERTIFICATE"] = authority.Issue(folder, Deployment.Mail)
        }));
        await Task.CompletedTask;
    }

    void StartProxy()
    {
        var certificate = authority.Issue(folder, Deployment.Portal, Deployment.Office, Deployment.Google, Deployment.Microsoft);
        var settings = Path.Combine(folder, "haproxy.cfg");
        File.WriteAllText(settings, File.ReadAllText(Path.Combine(Deployment.Repository, "deploy", "haproxy", "haproxy.cfg"))
            .Replace("portal.example.com", Deployment.Portal, StringComparison.Ordinal)
            .Replace("/etc/haproxy/certificates", certificate, StringComparison.Ordinal)
            .Replace("192.0.2.11", A.Address, StringComparison.Ordinal).Replace("192.0.2.12", B.Address, StringComparison.Ordinal)
            + $"""

            frontend statistics
              bind :8404
              stats enable
              stats uri /stats
            backend office
              server office {office.Address}:8090
            backend google
              http-request set-header X-Forwarded-Host %[req.hdr(host)]
              server google {outside.Address}:9001
            backend microsoft
              http-request set-header X-Forwarded-Host %[req.hdr(host)]
              server microsoft {outside.Address}:9002

            """);
        File.WriteAllText(settings, File.ReadAllText(settings).Replace("  default_backend portal", string.Join('\n',
            new[] { ("office", Deployment.Office), ("google", Deployment.Google), ("microsoft", Deployment.Microsoft) }
            .Select(other => $"  use_backend {other.Item1} if {{ hdr(host) -i {other.Item2} }}").Append("  default_backend portal")),
                StringComparison.Ordinal));
        proxy.Start(new("haproxy", folder, ["haproxy", "-f", settings], new Dictionary<string, string>()));
    }

    /// <summary>Its demo data is made in Development, which then ends; it goes on in Production.</summary>
    /// <returns>The folder with the enterprises' import files.</returns>
    async Task<string> StartOffice()
    {
        var demo = Path.Combine(folder, "demo");
        var settings = deployment.Trusting();
        settings["HTTP_PORTS"] = "8090";
        settings["Office__Url"] = $"https://{Deployment.Office}";
        settings["Portal__Url"] = $"https://{Deployment.Portal}/";
        settings["ForwardedHeaders__KnownProxies"] = proxy.Address;
        settings["DataProtection__Key"] = deployment.Secret("officeportal");
        settings["ConnectionStrings__officeportal"] = $"Host={Deployment.Postgres};Username={Deployment.DatabaseRole};"
            + $"Password={deployment.Secret("database")};Database=officeportal";
        office.Start(Deployment.Unit("office-setup", "OfficePortal", new Dictionary<string, string>(settings)
        {
            ["ASPNETCORE_ENVIRONMENT"] = "Development", ["Demo__Accounts"] = "12", ["Demo__Families"] = "60", ["Demo__Folder"] = demo
        }));
        await Wait.Eventually(() => Directory.Exists(demo) && Directory.GetFiles(demo, "*.json").Length == 2,
            "There is no demo world.", ToStart);
        await office.Terminate("office-setup");
        PairingCode = LeaveOut(Unpaired, Path.Combine(demo, "tumbletime.json"));
        office.Start(Deployment.Unit("office", "OfficePortal", settings));
        return demo;
    }

    /// <returns>Its pairing code.</returns>
    static string LeaveOut(string account, string file)
    {
        var enterprise = JsonNode.Parse(File.ReadAllText(file))!;
        var accounts = enterprise["accounts"]!.AsArray();
        var ours = accounts.Single(each => $"{each!["baseUrl"]}".EndsWith(account, StringComparison.Ordinal))!;
        accounts.Remove(ours);
        foreach (var group in enterprise["groups"]!.AsArray())
            group!["accounts"] = new JsonArray([.. group["accounts"]!.AsArray().Select(code => $"{code}").Where(code => code != account)
                .Select(code => JsonValue.Create(code))]);
        File.WriteAllText(file, enterprise.ToJsonString());
        return $"{ours["pairingCode"]}";
    }

    public async ValueTask DisposeAsync()
    {
        authority.Dispose();
        if (Missing is null)
        {
            Outcome.PrintTable();
            network.Dispose();
            var logs = Directory.CreateDirectory(Path.Combine(Deployment.Repository, "TestResults", "Production")).FullName;
            foreach (var log in Directory.EnumerateFiles(folder, "*.log"))
                File.Copy(log, Path.Combine(logs, Path.GetFileName(log)), overwrite: true);
        }
        Directory.Delete(folder, recursive: true);
        await Task.CompletedTask;
    }
}
