using System.Reflection;
using EnterprisePortal.ServiceDefaults.AccountApi;
using EnterprisePortal.ServiceDefaults.Database;
using EnterprisePortal.ServiceDefaults.Messaging;
using EnterprisePortal.ServiceDefaults.Operations;
using EnterprisePortal.ServiceDefaults.SignIn;
using MassTransit;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace EnterprisePortal.ServiceDefaults;

/// <summary>
/// What the portal's services have in common, in the order in which it has to start. A Program keeps its commands, which start nothing and
/// come first; <c>AddValidation</c>, which the compiler generates for the types of the calling project; and whatever only that service has.
/// Identity does not use this: it issues the tokens that the others check, and calls no account as a client.
/// </summary>
public static class PortalService
{
    /// <param name="name">The name of its database, the prefix of its queues, and the audience of its tokens.</param>
    /// <param name="keepsKeys">The service protects data, with a key ring in its database.</param>
    public static WebApplicationBuilder AddPortalService<TDb>(this WebApplicationBuilder builder, string name, bool keepsKeys = false)
        where TDb : ServiceDb => builder.AddPortalService(name, typeof(TDb).Assembly, () => builder.AddDatabase<TDb>(name), keepsKeys);

    /// <param name="service">The assembly with its consumers and its scripts.</param>
    /// <param name="database">null: one with the scripts of <paramref name="service"/>.</param>
    /// <param name="bus">Registers consumers that need more than the default.</param>
    public static WebApplicationBuilder AddPortalService(this WebApplicationBuilder builder, string name, Assembly service,
        Action? database = null, bool keepsKeys = false, Action<IBusRegistrationConfigurator>? bus = null)
    {
        builder.AddServiceDefaults();
        if (database is null)
            builder.AddDatabase(name, service);
        else
            database();
        if (keepsKeys)
            builder.AddDataProtectionInDatabase(name);
        builder.AddSignInChecks(name);
        if (!keepsKeys)
            MakeNoKeys(builder.Services);
        builder.AddMessaging(name, service, bus);
        builder.AddAccountApi();
        return builder;
    }

    /// <summary>Call first; includes <see cref="ServiceDefaultsExtensions.UseServiceDefaults"/>.</summary>
    public static WebApplication UsePortalService(this WebApplication app)
    {
        app.UseServiceDefaults();
        app.UseAuthentication();
        app.UseAuthorization();
        app.MapOperations();
        return app;
    }

    /// <summary>
    /// Authentication brings data protection along, whose hosted service would write a key into the home folder at the start, although
    /// checking tokens needs none.
    /// </summary>
    static void MakeNoKeys(IServiceCollection services)
    {
        foreach (var preload in services.Where(service => service.ServiceType == typeof(IHostedService)
            && service.ImplementationType?.Assembly == typeof(KeyManagementOptions).Assembly).ToArray())
            services.Remove(preload);
    }
}
