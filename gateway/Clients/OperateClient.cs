using EnterprisePortal.Contracts;
using EnterprisePortal.Contracts.Http;
using EnterprisePortal.ServiceDefaults;
using EnterprisePortal.ServiceDefaults.Operations;
using EnterprisePortal.ServiceDefaults.SignIn;
using Npgsql;

namespace EnterprisePortal.Gateway.Clients;

/// <summary>One service, asked as the signed-in operator.</summary>
public sealed class OperateClient(HttpClient http, string service) : ServiceClient(http, service)
{
    public Task<Answer<ServiceState>> State(CancellationToken cancel) => Get<ServiceState>("api/operate/state", cancel);

    public Task<Answer<Page<ParkedMessage>>> Parked(CancellationToken cancel) =>
        Get<Page<ParkedMessage>>($"api/operate/parked?limit={OperateClients.Shown}", cancel);

    public Task<Answer<SentBack>> SendAllBack(CancellationToken cancel) =>
        Post<SentBack>("api/operate/parked/send-back", new { }, cancel);

    public Task<Answer<Done>> SendBack(Guid id, CancellationToken cancel) =>
        Do(HttpMethod.Post, $"api/operate/parked/{id}/send-back", null, cancel);

    public Task<Answer<Done>> Discard(Guid id, string why, CancellationToken cancel) =>
        Do(HttpMethod.Post, $"api/operate/parked/{id}/discard", new DiscardParked(why), cancel);
}

/// <summary>
/// Every service, and the gateway's own outbox and queues beside them. A service that does not answer is one of the facts, and hides no
/// other.
/// </summary>
public sealed class OperateClients(IHttpClientFactory clients, ReadState own, ParkedMessages parked)
{
    /// <summary>Messages of one service on a page; the number of all of them is in its state.</summary>
    public const int Shown = 50;

    public static string NameOf(string service) => $"operate-{service}";

    /// <summary>As the operators' pages name them.</summary>
    public static IReadOnlyList<string> Services { get; } = [.. PortalServices.All, PortalServices.Gateway];

    public Task<(string Service, Answer<ServiceState> State)[]> States(CancellationToken cancel) =>
        Task.WhenAll(Services.Select(async service => (service, service == PortalServices.Gateway
            ? await Own(() => own.Read(cancel)) : await Of(service).State(cancel))));

    public Task<(string Service, Answer<Page<ParkedMessage>> Parked)[]> Parked(CancellationToken cancel) =>
        Task.WhenAll(Services.Select(async service => (service, service == PortalServices.Gateway
            ? await Own(() => parked.List(new(Shown, null), cancel)) : await Of(service).Parked(cancel))));

    public async Task<Answer<Done>> SendBack(string service, Guid id, Operator by, string? ip, CancellationToken cancel) =>
        service == PortalServices.Gateway
            ? Told(await parked.SendBack(id, by.AsActor(), ip, cancel))
            : await Of(service).SendBack(id, cancel);

    public async Task<Answer<SentBack>> SendAllBack(string service, Operator by, string? ip, CancellationToken cancel) =>
        service == PortalServices.Gateway
            ? new(new(await parked.SendAllBack(by.AsActor(), ip, cancel)), StatusCodes.Status200OK)
            : await Of(service).SendAllBack(cancel);

    public async Task<Answer<Done>> Discard(string service, Guid id, string why, Operator by, string? ip, CancellationToken cancel) =>
        service == PortalServices.Gateway
            ? Told(await parked.Discard(id, why, by.AsActor(), ip, cancel))
            : await Of(service).Discard(id, why, cancel);

    OperateClient Of(string service) => new(clients.CreateClient(NameOf(service)), service);

    static async Task<Answer<T>> Own<T>(Func<Task<T>> read) where T : class
    {
        try
        {
            return new(await read(), StatusCodes.Status200OK);
        }
        catch (NpgsqlException)
        {
            return new(null, StatusCodes.Status503ServiceUnavailable, "The gateway's database is not answering right now.");
        }
    }

    static Answer<Done> Told(ParkedMessages.Outcome outcome) => outcome switch
    {
        ParkedMessages.Outcome.Done => new(new(), StatusCodes.Status204NoContent),
        ParkedMessages.Outcome.QueueIsGone =>
            new(null, StatusCodes.Status409Conflict, "The queue it came from is gone. Discard the message."),
        _ => new(null, StatusCodes.Status404NotFound, "It is not there any more.")
    };
}
