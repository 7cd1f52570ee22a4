using System.Reflection;
using EnterprisePortal.ServiceDefaults.AccountApi;
using EnterprisePortal.ServiceDefaults.Database;
using EnterprisePortal.ServiceDefaults.Messaging;
using EnterprisePortal.ServiceDefaults.SignIn;
using MassTransit;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace EnterprisePortal.ServiceDefaults;

/// <summary>
/// What the portal's services have in common, in the order in which it has to start. What stays in a Program: commands, which start
/// nothing and come first; <c>AddValidation</c>, which the compiler writes for the types of the project that calls it; and what the
/// service alone has. Identity is not one of these: it issues the tokens that the others check, and calls no account as a client.
/// </summary>
public static class PortalService
{
    /// <param name="name">Of its database, its queues, and the audience of its tokens.</param>
    /// <param name="keepsKeys">It protects data, with a key ring in its database.</param>
    public static WebApplicationBuilder AddPortalService<TDb>(this WebApplicationBuilder builder, string name, bool keepsKeys = false)
        where TDb : ServiceDb => builder.AddPortalService(name, typeof(TDb).Assembly, () => builder.AddDatabase<TDb>(name), keepsKeys);

    /// <param name="service">Where its consumers and its scripts are.</param>
    /// <param name="database">null: one with the scripts of <paramref name="service"/>.</param>
    /// <param name="bus">Consumers that are not to be registered as the others are.</param>
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

    /// <summary>Call first, as <see cref="ServiceDefaultsExtensions.UseServiceDefaults"/>, which it includes.</summary>
    public static WebApplication UsePortalService(this WebApplication app)
    {
        app.UseServiceDefaults();
        app.UseAuthentication();
        app.UseAuthorization();
        return app;
    }

    /// <summary>
    /// Authentication brings data protection along, whose hosted service would write a key into the home folder at the start, although
    /// tokens that only get checked need none.
    /// </summary>
    static void MakeNoKeys(IServiceCollection services)
    {
        foreach (var preload in services.Where(service => service.ServiceType == typeof(IHostedService)
            && service.ImplementationType?.Assembly == typeof(KeyManagementOptions).Assembly).ToArray())
            services.Remove(preload);
    }
}
